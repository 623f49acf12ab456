// The records of a roll-back, for people: what becomes of each, and why it stays.
#include "core/text.h"
#include "customer/message.h"
#include "customer/withdraw.h"
#include "import/rollback.h"
#include "object/take_back.h"
#include "sheet/safe_cell.h"

namespace onefold::import {
namespace {

using sheet::csv_cell, sheet::safe_cell;

constexpr std::int64_t left_a_part = 100'000, left_a_step = 1000;

struct Place {
    std::string kind;
    std::int64_t ref = 0;
};

// "customer:12"
std::optional<Place> place_of(std::string_view text) {
    if (text.empty())
        return Place{};
    const auto colon = text.find(':');
    if (colon == text.npos)
        return std::nullopt;
    const auto ref = parse_id(text.substr(colon + 1));
    return ref ? std::optional(Place{std::string(text.substr(0, colon)), *ref}) : std::nullopt;
}

Result<std::vector<RollbackRecord>> list_items(
    store::Session& session, ImportId id, Fate fate, const Place& after, std::int64_t limit, std::int64_t skipped = 0) {
    return session.list("SELECT kind, ref, reason FROM import_rollback_item WHERE import_id = $1 AND outcome = $2 "
                        "AND (kind, ref) > ($3, $4) ORDER BY kind, ref LIMIT $5 OFFSET $6",
        {id.value, std::string(to_string(fate)), after.kind, after.ref, limit, skipped}, [](const store::Row& row) {
            return RollbackRecord{std::string(row.text(0)), row.integer(1), "", std::string(row.text(2)), {}};
        });
}

Result<> add_names(store::Session& session, const Rooms& rooms, std::vector<RollbackRecord>& records) {
    std::vector<NodeId> nodes(records.size());
    for (const auto& [kind, name] :
        {std::pair(object::RecordKind::order, "order"), std::pair(object::RecordKind::ticket, "ticket")}) {
        std::vector<RecordId> ids;
        std::vector<std::size_t> of;
        for (std::size_t i = 0; i < records.size(); ++i)
            if (records[i].kind == name) {
                ids.push_back(RecordId{records[i].ref});
                of.push_back(i);
            }
        const auto standing = TRY(object::list_standing(session, kind, ids));
        for (std::size_t i = 0; i < of.size(); ++i) {
            records[of[i]].name = standing[i].number;
            nodes[of[i]] = standing[i].node;
        }
    }
    for (std::size_t i = 0; i < records.size(); ++i)
        if (records[i].kind == "customer")
            nodes[i] = NodeId{records[i].ref};
    const auto origins = TRY(customer::list_origins(session, nodes));
    for (std::size_t i = 0; i < records.size(); ++i) {
        records[i].customer = origins[i].customer;
        if (records[i].kind == "customer")
            records[i].name = origins[i].name;
    }
    for (RollbackRecord& record : records) {
        if (record.kind != "event")
            continue;
        const auto frame = rooms.log.get(Position{record.ref});
        if (!frame || frame->is_redacted)
            continue;
        const auto message = customer::read_message(*frame, TRY(rooms.sources.get(frame->source_id)));
        record.name = message.name;
        const auto& subject = message.subject;
        const auto found =
            TRY(rooms.customers.identity().find_nodes(session, {{subject.source, subject.kind, subject.key}}));
        record.customer = found.front().customer;
    }
    return {};
}

LocalText words_of_reason(std::string_view reason) {
    if (reason == "changed")
        return {"Changed since by a later message or import", "之后被其他消息或导入修改"};
    if (reason == "edited")
        return {"Edited, joined, noted or confirmed by somebody since", "之后有人编辑、合并、备注或确认过"};
    if (reason == "used")
        return {"An order or ticket that stays belongs to it", "有保留的订单或工单属于它"};
    if (reason == "said_again")
        return {"A later import says the same", "之后的导入包含相同内容"};
    if (reason == "together")
        return {"It came in the same rows as a record that stays", "与保留的记录来自同一行"};
    if (reason == "order")
        return {"This event changed an order", "该事件更改了订单"};
    return {"What it was before is no longer in the log", "之前的状态已不在事件日志中"};
}

LocalText words_of_kind(std::string_view kind) {
    if (kind == "order")
        return {"Order", "订单"};
    if (kind == "ticket")
        return {"Ticket", "工单"};
    return kind == "event" ? LocalText{"Event", "事件"} : LocalText{"Customer", "客户"};
}

} // namespace

std::string_view to_string(Fate fate) {
    static constexpr std::array<std::string_view, 3> names{"goes", "returns", "stays"};
    return names[std::size_t(fate)];
}

Result<RollbackRecords> Rollbacks::list_records(ImportId id, Fate fate, int limit, const std::string& after) const {
    TRY(get(id));
    const auto place = place_of(after);
    if (!place) {
        const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
        return fail(ErrorKind::invalid, "import.bad_cursor", message, {{"/after", "import.bad_cursor", message}});
    }
    return rooms_.database.read([&](store::Session& session) -> Result<RollbackRecords> {
        RollbackRecords page{TRY(list_items(session, id, fate, *place, limit + 1)), ""};
        if (page.items.size() > std::size_t(limit)) {
            page.items.pop_back();
            page.next = fmt::format("{}:{}", page.items.back().kind, page.items.back().ref);
        }
        TRY(add_names(session, rooms_, page.items));
        return page;
    });
}

Result<std::string> Rollbacks::left_csv(ImportId id, int part, const Locale& locale) const {
    TRY(get(id));
    const auto in = [&](const LocalText& text) { return std::string(text.in(locale)); };
    std::string csv = std::string(sheet::byte_order_mark) +
                      in({"Kind,Name or number,Customer,Why it stays", "类型,名称或编号,客户编号,保留原因"}) + "\r\n";
    Place place;
    for (std::int64_t left = left_a_part, skipped = (part - 1) * left_a_part; left > 0; skipped = 0) {
        const auto records =
            TRY(rooms_.database.read([&](store::Session& session) -> Result<std::vector<RollbackRecord>> {
                auto items = TRY(list_items(session, id, Fate::stays, place, std::min(left, left_a_step), skipped));
                TRY(add_names(session, rooms_, items));
                return items;
            }));
        if (records.empty())
            break;
        place = {records.back().kind, records.back().ref};
        left -= std::int64_t(records.size());
        for (const RollbackRecord& record : records)
            csv += fmt::format("{},{},{},{}\r\n", csv_cell(in(words_of_kind(record.kind))),
                csv_cell(safe_cell(record.name)), record.customer ? to_string(record.customer) : "",
                csv_cell(in(words_of_reason(record.reason))));
    }
    return csv;
}

} // namespace onefold::import
