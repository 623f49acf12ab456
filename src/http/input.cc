// From path, headers, query and body to a request struct.
#include "core/text.h"
#include "http/json.h"
#include "http/route.h"
#include "http/target.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace onefold::http {

namespace {

Failure bad_input(std::vector<FieldError> errors) {
    return fail(ErrorKind::invalid, "http.bad_input",
        {"Something in the request is not right; see the fields. Nothing was changed.",
            "请求中有内容不正确，详见各字段。未做任何更改。"},
        std::move(errors));
}

Result<std::int64_t> version_of(std::string_view header) {
    if (header.empty())
        return fail(ErrorKind::precondition_missing, "http.version_missing",
            {"The header If-Match with the version that you saw is required. Nothing was changed.",
                "必须在 If-Match 标头中给出所见的版本。未做任何更改。"});
    auto digits = header;
    if (digits.size() >= 2 && digits.front() == '"' && digits.back() == '"')
        digits = digits.substr(1, digits.size() - 2);
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
        return fail(ErrorKind::precondition_failed, "http.other_version",
            {"If-Match names no version of this. Read it again and repeat the change. Nothing was changed.",
                "If-Match 中的版本不存在。请重新读取后再修改。未做任何更改。"});
    return version;
}

const Type& bare(const Type& type) {
    return type.kind == Kind::optional ? bare(type.element()) : type;
}

void take_query(const Operation& operation, const Incoming& incoming, void* request, std::vector<FieldError>& errors) {
    const auto parameters = query_parameters(incoming.query);
    if (!parameters)
        return add_field_error(
            errors, "", "http.bad_query", {"The query has a broken %XX.", "查询字符串中的 %XX 编码有误。"});
    std::set<std::string, std::less<>> seen;
    for (const auto& [name, value] : *parameters) {
        std::string path = '/' + (is_valid_utf8(name) ? name : "?");
        const auto found = std::ranges::find(operation.input_members, name, [](const Member* m) { return m->name; });
        if (found == operation.input_members.end()) {
            add_field_error(
                errors, path, "http.unknown_parameter", {"There is no such parameter here.", "此处没有这个参数。"});
            continue;
        }
        const Member& member = **found;
        const Type& type = bare(member.type());
        const bool is_first = seen.insert(name).second;
        if (type.kind != Kind::array && !is_first) {
            add_field_error(
                errors, path, "http.duplicate_parameter", {"This parameter is given twice.", "此参数重复出现。"});
            continue;
        }
        if (type.kind != Kind::array) {
            read_text(member.type(), member.rule, value, member.at(request), path, errors);
            continue;
        }
        void* list = member.at(request);
        if (member.type().kind == Kind::optional) {
            void* inner = nullptr;
            member.type().each(list, &inner, [](void* context, std::string_view, const void* element) {
                *static_cast<void**>(context) = const_cast<void*>(element);
            });
            list = inner ? inner : member.type().emplace(list, {});
        }
        Rule of_items = member.rule;
        of_items.length_min = of_items.length_max = std::nullopt;
        read_text(type.element(), of_items, value, type.emplace(list, {}), path, errors);
    }
    for (const auto* member : operation.input_members)
        if (!seen.contains(member->name) && member->type().kind != Kind::optional && member->type().kind != Kind::array)
            add_field_error(errors, '/' + member->name, "http.missing", {"This is required.", "此项为必填。"});
}

void refuse_query(const Incoming& incoming, std::vector<FieldError>& errors) {
    if (incoming.query.empty())
        return;
    const auto broken = std::vector<std::pair<std::string, std::string>>{{"?", ""}};
    for (const auto& [name, value] : query_parameters(incoming.query).value_or(broken))
        add_field_error(errors, '/' + (is_valid_utf8(name) ? name : "?"), "http.unknown_parameter",
            {"There is no such parameter here.", "此处没有这个参数。"});
}

bool is_json_type(std::string_view header) {
    const auto type = trimmed(header.substr(0, header.find(';')));
    if (!std::ranges::equal(
            type, std::string_view("application/json"), {}, [](unsigned char c) { return std::tolower(c); }))
        return false;
    const auto parameters = header.find(';');
    if (parameters == header.npos)
        return true;
    std::string rest(trimmed(header.substr(parameters + 1)));
    std::ranges::transform(rest, rest.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return rest == "charset=utf-8" || rest == "charset=\"utf-8\"";
}

Result<> take_body(
    const Operation& operation, const Incoming& incoming, void* request, std::vector<FieldError>& errors) {
    const auto type = incoming.header("content-type");
    if (type.empty() ? !incoming.body.empty() : !is_json_type(type))
        return fail(ErrorKind::unsupported, "http.not_json",
            {"The body must be JSON with Content-Type application/json. Nothing was changed.",
                "请求体必须为 JSON，且 Content-Type 为 application/json。未做任何更改。"});
    boost::json::value value = boost::json::object{};
    if (!incoming.body.empty())
        value = TRY(parse_json(incoming.body));
    if (!value.is_object()) {
        add_field_error(errors, "", "http.wrong_type", {"The body must be an object.", "请求体应为对象。"});
        return {};
    }
    const auto& object = value.get_object();
    std::string path;
    for (const auto& entry : object) {
        if (std::ranges::find(operation.input_members, std::string_view(entry.key()),
                [](const Member* m) { return std::string_view(m->name); }) != operation.input_members.end())
            continue;
        add_field_error(errors, '/' + std::string(entry.key()), "http.unknown_field",
            {"There is no such field here.", "此处没有这个字段。"});
    }
    for (const auto* member : operation.input_members) {
        path = '/' + member->name;
        if (const auto* entry = object.if_contains(member->name))
            read(member->type(), member->rule, *entry, member->at(request), path, errors);
        else if (member->type().kind != Kind::optional)
            add_field_error(errors, path, "http.missing", {"This is required.", "此项为必填。"});
    }
    return {};
}

} // namespace

Result<> check_no_query(const Incoming& incoming) {
    std::vector<FieldError> errors;
    refuse_query(incoming, errors);
    if (!errors.empty())
        return bad_input(std::move(errors));
    return {};
}

Result<std::shared_ptr<void>> read_input(const Operation& operation, const Incoming& incoming) {
    std::shared_ptr<void> request = operation.binding.make_request();
    std::vector<FieldError> errors;
    for (std::size_t i = 0; i < operation.path_members.size(); ++i) {
        const auto& member = *operation.path_members[i];
        std::string path = '/' + member.name;
        read_text(member.type(), member.rule, incoming.path_values[i].second, member.at(request.get()), path, errors);
    }
    if (operation.takes_body()) {
        refuse_query(incoming, errors);
        TRY(take_body(operation, incoming, request.get(), errors));
    } else {
        if (!incoming.body.empty())
            return fail(ErrorKind::invalid, "http.unexpected_body",
                {"This operation takes no body. Nothing was changed.", "此操作不接受请求体。未做任何更改。"});
        take_query(operation, incoming, request.get(), errors);
    }
    if (!errors.empty())
        return bad_input(std::move(errors));
    if (!operation.if_match)
        return request;
    const auto header = incoming.header("if-match");
    if (header.empty() && operation.if_match->type().kind == Kind::optional)
        return request;
    std::string path = "/If-Match";
    read_text(operation.if_match->type(), {}, std::to_string(TRY(version_of(header))),
        operation.if_match->at(request.get()), path, errors);
    if (!errors.empty())
        return bad_input(std::move(errors));
    return request;
}

} // namespace onefold::http
