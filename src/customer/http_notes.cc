#include "company/company.h"
#include "customer/names.h"
#include "customer/view.h"

namespace onefold::customer {
namespace {

struct ListNotes {
    CustomerId id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListNotes, (), (id, limit, after))

// `by` is a principal ("user:3"). `edited_at` is when its text was changed last.
struct NoteView {
    note::NoteId id;
    std::int64_t version;
    std::string text;
    bool is_pinned;
    std::string by;
    std::optional<std::string> by_name;
    Instant at;
    std::optional<std::string> edited_by, edited_by_name;
    std::optional<Instant> edited_at;
};
BOOST_DESCRIBE_STRUCT(
    NoteView, (), (id, version, text, is_pinned, by, by_name, at, edited_by, edited_by_name, edited_at))

struct NoteList {
    std::vector<NoteView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(NoteList, (), (items, next))

struct CreateNote {
    CustomerId id;
    std::string text;
    std::optional<bool> is_pinned;
};
BOOST_DESCRIBE_STRUCT(CreateNote, (), (id, text, is_pinned))

struct GetNote {
    note::NoteId id;
};
BOOST_DESCRIBE_STRUCT(GetNote, (), (id))

struct UpdateNote {
    note::NoteId id;
    std::int64_t if_match;
    std::optional<std::string> text;
    std::optional<bool> is_pinned;
};
BOOST_DESCRIBE_STRUCT(UpdateNote, (), (id, if_match, text, is_pinned))

struct NoteVersionView {
    std::int64_t number;
    std::string text;
    bool is_pinned, is_deleted;
    std::string by;
    std::optional<std::string> by_name;
    Instant at;
};
BOOST_DESCRIBE_STRUCT(NoteVersionView, (), (number, text, is_pinned, is_deleted, by, by_name, at))

struct NoteVersions {
    std::vector<NoteVersionView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(NoteVersions, (), (items, next))

constexpr int versions_max = 200;

using Names = std::map<std::string, std::string>;

std::optional<std::string> name_in(const Names& names, const std::string& principal) {
    const auto found = names.find(principal);
    return found == names.end() ? std::nullopt : std::optional(found->second);
}
std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

NoteView view_of(const note::Note& note, const Names& names) {
    return {note.id, note.version, note.text, note.is_pinned, note.by, name_in(names, note.by), note.at,
        text_or_null(note.edited_by), name_in(names, note.edited_by), note.edited_at};
}

Result<NoteView> named_view_of(store::Session& session, const note::Note& note) {
    return view_of(note, TRY(names_of(session, {note.by, note.edited_by})));
}

} // namespace

Result<NoteListing> Customers::list_notes(CustomerId id, int limit, const std::string& after) const {
    return database_.read([&](store::Session& session) -> Result<NoteListing> {
        const auto nodes = TRY(identity_.list_nodes(session, TRY(living(session, id))));
        NoteListing listing{TRY(note::list(session, nodes, limit, after)), {}};
        std::set<std::string> principals;
        for (const note::Note& one : listing.page.items)
            principals.insert({one.by, one.edited_by});
        listing.names = TRY(names_of(session, principals));
        return listing;
    });
}

Result<note::Note> Customers::create_note(const Caller& caller, CustomerId id, const note::Draft& draft) const {
    return database_.write([&](store::Session& session) -> Result<note::Note> {
        const NodeId anchor = TRY(identity_.get_anchor(session, TRY(living(session, id))));
        return note::create(session, company::author_of(caller, outside_), anchor, draft);
    });
}

void Customers::add_note_routes(http::Contract& contract) {
    using http::Method;
    const auto told = [this](auto done) {
        if (done)
            when_noted_();
        return done;
    };
    contract.add<ListNotes, NoteList>(
        {Method::get, "/api/v1/customers/{id}/notes", "note.list", http::may_read, http::not_audited,
            {"What people wrote down about a customer: pinned notes, then the newest",
                "客户备注（置顶在前，其余最新在前）"}},
        [this](const Caller&, const ListNotes& request) -> Result<NoteList> {
            const auto listing =
                TRY(list_notes(request.id, int(request.limit.value_or(50)), request.after.value_or("")));
            NoteList answer{{}, text_or_null(listing.page.next)};
            for (const note::Note& one : listing.page.items)
                answer.items.push_back(view_of(one, listing.names));
            return answer;
        });
    contract.add<CreateNote, NoteView>(
        {Method::post, "/api/v1/customers/{id}/notes", "note.create", http::may_edit, http::audited{"note.create"},
            {"Write a note about a customer", "添加客户备注"}, http::Creates::something},
        [this](const Caller& caller, const CreateNote& request) -> Result<NoteView> {
            const auto note = TRY(create_note(caller, request.id, {request.text, request.is_pinned.value_or(false)}));
            when_noted_();
            return database_.read([&](store::Session& session) { return named_view_of(session, note); });
        });
    contract.add<UpdateNote, NoteView>(
        {Method::patch, "/api/v1/notes/{id}", "note.update", http::may_edit, http::audited{"note.update"},
            {"Change the text of a note, pin it or let it go", "修改备注内容，或置顶、取消置顶"}},
        [this, told](const Caller& caller, const UpdateNote& request) -> Result<NoteView> {
            return told(database_.write([&](store::Session& session) -> Result<NoteView> {
                return named_view_of(session, TRY(note::update(session, company::author_of(caller, outside_),
                                                  request.id, request.if_match, {request.text, request.is_pinned})));
            }));
        });
    contract.add<GetNote, void>(
        {Method::delete_, "/api/v1/notes/{id}", "note.delete", http::may_edit, http::audited{"note.delete"},
            {"Delete a note; restore brings it back", "删除备注（可恢复）"}},
        [this, told](const Caller& caller, const GetNote& request) -> Result<> {
            return told(database_.write([&](store::Session& session) {
                return note::archive(session, company::author_of(caller, outside_), request.id);
            }));
        });
    contract.add<GetNote, NoteView>(
        {Method::post, "/api/v1/notes/{id}/restore", "note.restore", http::may_edit, http::audited{"note.restore"},
            {"Bring a deleted note back", "恢复已删除的备注"}},
        [this, told](const Caller& caller, const GetNote& request) -> Result<NoteView> {
            return told(database_.write([&](store::Session& session) -> Result<NoteView> {
                return named_view_of(
                    session, TRY(note::restore(session, company::author_of(caller, outside_), request.id)));
            }));
        });
    contract.add<GetNote, NoteVersions>(
        {Method::get, "/api/v1/notes/{id}/versions", "note.versions", http::may_read, http::not_audited,
            {"What a note said before, the newest first", "备注的历史版本（最新在前）"}},
        [this](const Caller&, const GetNote& request) -> Result<NoteVersions> {
            return database_.read([&](store::Session& session) -> Result<NoteVersions> {
                const auto versions = TRY(note::list_versions(session, request.id, versions_max));
                std::set<std::string> principals;
                for (const note::Version& one : versions)
                    principals.insert(one.by);
                const Names names = TRY(names_of(session, principals));
                NoteVersions answer;
                for (const note::Version& one : versions)
                    answer.items.push_back(
                        {one.version, one.text, one.is_pinned, one.is_deleted, one.by, name_in(names, one.by), one.at});
                return answer;
            });
        });
}

} // namespace onefold::customer
