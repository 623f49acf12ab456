#include "http/bind.h"
#include "import/rollback.h"

namespace onefold::import {

BOOST_DESCRIBE_ENUM(Fate, goes, returns, stays)

namespace {

struct FatesView {
    std::int64_t goes, returns, stays;
};
BOOST_DESCRIBE_STRUCT(FatesView, (), (goes, returns, stays))

struct RollbackView {
    ImportId import;
    std::string state;
    bool is_preview;
    Instant started_at;
    std::optional<Instant> finished_at;
    bool is_planned;
    FatesView customers, orders, tickets, events;
    std::int64_t customers_gone, done, total;
    std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(RollbackView, (),
    (import, state, is_preview, started_at, finished_at, is_planned, customers, orders, tickets, events, customers_gone,
        done, total, error))

struct RollbackRecordView {
    std::string kind;
    std::int64_t ref;
    std::string name, reason;
    std::optional<CustomerId> customer;
};
BOOST_DESCRIBE_STRUCT(RollbackRecordView, (), (kind, ref, name, reason, customer))

struct RollbackRecordList {
    std::vector<RollbackRecordView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(RollbackRecordList, (), (items, next))

struct GetRollback {
    ImportId id;
};
BOOST_DESCRIBE_STRUCT(GetRollback, (), (id))

struct CreateRollback {
    ImportId id;
    std::optional<bool> preview;
};
BOOST_DESCRIBE_STRUCT(CreateRollback, (), (id, preview))

struct ListRecords {
    ImportId id;
    std::optional<Fate> fate;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListRecords, (), (id, fate, limit, after))

FatesView view_of(const Fates& fates) {
    return {fates.goes, fates.returns, fates.stays};
}

RollbackView view_of(const Rollback& rollback, const Locale& locale) {
    const RollbackCounts& counts = rollback.counts;
    RollbackView view{rollback.import, std::string(to_string(rollback.state)), rollback.is_preview, rollback.started_at,
        rollback.finished_at, rollback.is_planned, view_of(counts.customers), view_of(counts.orders),
        view_of(counts.tickets), view_of(counts.events), counts.customers_gone, rollback.done, rollback.total, {}};
    if (rollback.error)
        view.error = rollback.error->in(locale);
    return view;
}

} // namespace

void Rollbacks::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<CreateRollback, RollbackView>(
        {Method::post, "/api/v1/imports/{id}/rollback", "import.roll_back", http::may_edit,
            http::audited{"import.roll_back"},
            {"Roll an import back, or find out what that would do", "撤回一次导入，或先预览撤回的影响"}},
        [this](const Caller& caller, const CreateRollback& request) -> Result<RollbackView> {
            const auto purpose = request.preview.value_or(false) ? Purpose::dry_run : Purpose::import;
            return view_of(TRY(create(caller, request.id, purpose)), caller.locale);
        });
    contract.add<GetRollback, RollbackView>(
        {Method::get, "/api/v1/imports/{id}/rollback", "import.rollback", http::may_read, http::not_audited,
            {"How the roll-back of an import stands", "撤回的进度与结果"}},
        [this](const Caller& caller, const GetRollback& request) -> Result<RollbackView> {
            return view_of(TRY(get(request.id)), caller.locale);
        });
    contract.add<GetRollback, RollbackView>(
        {Method::post, "/api/v1/imports/{id}/rollback/cancel", "import.rollback_cancel", http::may_edit,
            http::audited{"import.rollback_cancel"}, {"Cancel a roll-back", "取消撤回"}},
        [this](const Caller& caller, const GetRollback& request) -> Result<RollbackView> {
            return view_of(TRY(cancel(request.id)), caller.locale);
        });
    contract.add<ListRecords, RollbackRecordList>(
        {Method::get, "/api/v1/imports/{id}/rollback/records", "import.rollback_records", http::may_read,
            http::not_audited,
            {"The records of a roll-back: those that go, return or stay", "撤回涉及的记录：将移除、将恢复或保留"}},
        [this](const Caller&, const ListRecords& request) -> Result<RollbackRecordList> {
            const int limit = int(request.limit.value_or(50));
            const auto page =
                TRY(list_records(request.id, request.fate.value_or(Fate::stays), limit, request.after.value_or("")));
            RollbackRecordList answer;
            for (const RollbackRecord& record : page.items)
                answer.items.push_back({record.kind, record.ref, record.name, record.reason,
                    record.customer ? std::optional(record.customer) : std::nullopt});
            if (!page.next.empty())
                answer.next = page.next;
            return answer;
        });
    contract.add_raw(
        {.method = Method::get,
            .path = "/api/v1/imports/{id}/rollback/left/{part}",
            .name = "import.rollback_left_csv",
            .permission = http::may_edit,
            .audit = http::audited{"import.rollback_left_csv"},
            .summary = {"The records that a roll-back leaves alone, as CSV", "下载撤回时保留的记录（CSV）"}},
        {}, {{"type", "string"}, {"contentMediaType", "text/csv"}},
        [this](const Caller& caller, const http::Incoming& incoming, const http::Respond& respond) {
            const auto id = parse_id(incoming.path_values[0].second), part = parse_id(incoming.path_values[1].second);
            auto csv = left_csv(
                ImportId{id.value_or(0)}, int(std::clamp<std::int64_t>(part.value_or(1), 1, 100'000)), caller.locale);
            if (!csv)
                return respond(http::outgoing_of(csv.error(), caller.locale, caller.request_id));
            respond({200,
                {{"Content-Type", "text/csv; charset=utf-8"},
                    {"Content-Disposition",
                        fmt::format("attachment; filename=\"left-{}-{}.csv\"", *id, part.value_or(1))}},
                std::move(*csv)});
        });
}

} // namespace onefold::import
