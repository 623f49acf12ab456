// Hand edits: identity keeps what was said, golden record and change rows follow in the same transaction.
#include "customer/edit.h"

#include "company/company.h"
#include "customer/customer.h"
#include "customer/typed_value.h"
#include "identity/facts.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

using identity::FieldEdit;

Failure at_field(const std::string& path, Error error) {
    error.fields = {{path, error.code, error.message}};
    return fail(std::move(error));
}

Result<const object::GoldenField*> field_named(const std::string& code, const std::string& path) {
    if (const auto* field = object::find_golden_field(code))
        return field;
    const LocalText message{fmt::format("There is no field “{}”. Nothing was changed.", code.substr(0, 64)),
        fmt::format("没有字段“{}”。未做任何更改。", code.substr(0, 64))};
    return fail(ErrorKind::invalid, "customer.unknown_field", message, {{path, "customer.unknown_field", message}});
}

// Codes of a list, each as an edit of one kind.
Result<> add_list(std::vector<FieldEdit>& edits, const std::vector<std::string>& codes, std::string_view member,
    FieldEdit::Kind kind) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const std::string path = fmt::format("/{}/{}", member, i);
        edits.push_back({TRY(field_named(codes[i], path))->id, kind, ""});
    }
    return {};
}

Result<std::vector<FieldEdit>> edits_of(const EditRequest& request, Instant now) {
    std::vector<FieldEdit> edits;
    for (const auto& [code, value] : request.fields) {
        const std::string path = "/fields/" + code;
        const auto* field = TRY(field_named(code, path));
        if (!value) {
            edits.push_back({field->id, FieldEdit::Kind::hide, ""});
            continue;
        }
        auto text = typed_value(code, *value, now);
        if (!text)
            return at_field(path, std::move(text).error());
        edits.push_back({field->id, FieldEdit::Kind::type, std::move(*text)});
    }
    TRY(add_list(edits, request.automatic, "automatic", FieldEdit::Kind::automatic));
    TRY(add_list(edits, request.verified, "verified", FieldEdit::Kind::confirm));
    TRY(add_list(edits, request.unverified, "unverified", FieldEdit::Kind::doubt));
    std::set<FieldId> seen;
    for (const FieldEdit& edit : edits)
        if (!seen.insert(edit.field).second)
            return fail(ErrorKind::invalid, "customer.said_twice",
                {"One field stands twice in this request. Nothing was changed.", "同一字段重复出现，未做任何更改。"});
    if (edits.empty() && request.verified_identifiers.empty() && request.unverified_identifiers.empty())
        return fail(ErrorKind::invalid, "customer.nothing_said",
            {"Name at least one field or identifier. Nothing was changed.",
                "请至少指定一个字段或标识，未做任何更改。"});
    return edits;
}

Result<> check_version(store::Session& session, CustomerId id, std::int64_t seen) {
    struct Standing {
        std::string state;
        std::int64_t version;
    };
    const auto found = TRY(session.find("SELECT state, version FROM customer WHERE id = $1", {id.value},
        [](const store::Row& row) { return Standing{std::string(row.text(0)), row.integer(1)}; }));
    if (!found)
        return fail(
            ErrorKind::not_found, "customer.no_such_customer", {"There is no such customer.", "没有这个客户。"});
    if (found->state != "active")
        return fail(ErrorKind::conflict, "customer.not_living",
            {"This customer was merged into another. Nothing was changed; open the other one.",
                "该客户已合并到另一客户。未做任何更改，请打开合并后的客户。"});
    if (found->version != seen)
        return fail(ErrorKind::precondition_failed, "customer.version_changed",
            {fmt::format("This customer has changed in the meantime (it is version {} now). Nothing was saved; load it "
                         "again and repeat your change.",
                 found->version),
                fmt::format("该客户刚刚有更新（现为第 {} 版）。你的修改未保存，请重新加载后再改。", found->version)});
    return {};
}

// A confirmed field has a value: the one that stands there.
Result<> fill_confirmed(std::vector<FieldEdit>& edits, const EditRequest& request, const Customer& before) {
    for (FieldEdit& edit : edits) {
        if (edit.kind != FieldEdit::Kind::confirm)
            continue;
        const auto code = object::find_golden_field(edit.field)->code;
        const auto* value = before.fields.if_contains(code);
        if (!value) {
            const auto at = std::ranges::find(request.verified, code) - request.verified.begin();
            const LocalText message{
                "There is no value that could be verified. Nothing was changed.", "没有可验证的值，未做任何更改。"};
            return fail(ErrorKind::invalid, "customer.nothing_to_verify", message,
                {{fmt::format("/verified/{}", at), "customer.nothing_to_verify", message}});
        }
        edit.value = value->as_string();
    }
    return {};
}

boost::json::object values_of(const Customer& customer, const std::vector<FieldEdit>& edits) {
    boost::json::object values;
    for (const FieldEdit& edit : edits) {
        const auto* value = customer.fields.if_contains(object::find_golden_field(edit.field)->code);
        values[to_string(edit.field)] = value ? *value : boost::json::value{};
    }
    return values;
}

change::Entry node_entry(const identity::Edited& edited, std::int64_t version) {
    boost::json::object before, after;
    for (const auto& written : edited.written) {
        before[to_string(written.field)] = identity::json_of(written.before);
        after[to_string(written.field)] = identity::json_of(written.after);
    }
    return {
        change::object_ids::node, edited.node.value, version, change::Op::update, std::move(before), std::move(after)};
}

Failure no_such_identifier() {
    return fail(ErrorKind::invalid, "customer.no_such_identifier",
        {"This customer has no such identifier. Nothing was changed.", "该客户没有这个标识，未做任何更改。"});
}

} // namespace

Result<> Customers::check_identifiers(store::Session& session, const EditRequest& request, const identity::Say& say,
    std::vector<change::Entry>& entries) const {
    using IsRight = identity::Identity::IsRight;
    for (const auto& [ids, is_right] : {std::pair(&request.verified_identifiers, IsRight::yes),
             std::pair(&request.unverified_identifiers, IsRight::unknown)})
        for (const IdentifierId id : *ids) {
            if (!TRY(identity_.check_identifier(session, request.customer, id, is_right, say)))
                return no_such_identifier();
            const bool is_verified = is_right == IsRight::yes;
            entries.push_back({change::object_ids::customer, request.customer.value, request.version + 1,
                change::Op::update, boost::json::object{{"identifier", to_string(id)}, {"is_verified", !is_verified}},
                boost::json::object{{"identifier", to_string(id)}, {"is_verified", is_verified}}});
        }
    return {};
}

Result<Customer> Customers::edit(const Caller& caller, const EditRequest& request) const {
    auto edits = TRY(edits_of(request, outside_.clock.now()));
    return database_.write([&](store::Session& session) -> Result<Customer> {
        TRY(check_version(session, request.customer, request.version));
        const change::Author author{caller.principal, outside_.clock.now(), "request", caller.request_id};
        const identity::Say say{to_string(caller.principal), author.at, ""};
        const Customer before = TRY(read(session, request.customer));
        TRY(fill_confirmed(edits, request, before));
        std::vector<change::Entry> entries;
        TRY(check_identifiers(session, request, say, entries));
        if (!edits.empty()) {
            Book book;
            const auto edited = TRY(identity_.edit(session, request.customer, edits, say, book));
            TRY(refresh(session, edited.changed));
            const Customer after = TRY(read(session, request.customer));
            entries.push_back({change::object_ids::customer, request.customer.value, request.version + 1,
                change::Op::update, values_of(before, edits), values_of(after, edits)});
            entries.push_back(node_entry(edited, request.version + 1));
        }
        TRY(session.execute(
            "UPDATE customer SET version = $1 WHERE id = $2", {request.version + 1, request.customer.value}));
        TRY(change::append(session, author, entries));
        return read(session, request.customer);
    });
}

} // namespace onefold::customer
