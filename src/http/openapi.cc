#include "http/openapi.h"

#include <algorithm>

namespace onefold::http {

namespace json = boost::json;

namespace {

json::object error_schema() {
    const json::object text{{"type", "string"}};
    const json::object field{{"type", "object"}, {"required", json::array{"path", "code", "message"}},
        {"properties", json::object{{"path", text}, {"code", text}, {"message", text}}}};
    const json::object inner{{"type", "object"}, {"required", json::array{"code", "message", "fields"}},
        {"properties", json::object{{"code", text}, {"message", text},
                           {"fields", json::object{{"type", "array"}, {"items", field}}}}}};
    return {{"type", "object"}, {"required", json::array{"error"}}, {"properties", json::object{{"error", inner}}}};
}

// Of JSON, where the schema names no other media type.
json::object content_of(json::object schema) {
    const auto* media = schema.if_contains("contentMediaType");
    const std::string type = media ? std::string(media->as_string()) : "application/json";
    return {{type, json::object{{"schema", std::move(schema)}}}};
}

const Type& bare(const Type& type) {
    return type.kind == Kind::optional ? bare(type.element()) : type;
}

json::object parameter(const Member& member, std::string_view in, Components& components) {
    const Type& type = bare(member.type());
    json::object result{{"name", member.name}, {"in", in},
        {"required", in == "path" || (member.type().kind != Kind::optional && type.kind != Kind::array)}};
    auto schema = components.schema_of(type, member.rule);
    const bool is_plain = type.kind != Kind::any && type.kind != Kind::any_object && type.kind != Kind::object &&
                          type.kind != Kind::map && type.kind != Kind::local_text;
    if (is_plain)
        result["schema"] = std::move(schema);
    else
        result["content"] = content_of(std::move(schema));
    return result;
}

json::object header_parameter(std::string_view name, bool is_required, std::string_view description) {
    return {{"name", name}, {"in", "header"}, {"required", is_required}, {"description", description},
        {"schema", json::object{{"type", "string"}, {"maxLength", 255}}}};
}

json::array parameters_of(const Operation& operation, Components& components) {
    json::array parameters;
    for (const auto* member : operation.path_members)
        parameters.push_back(parameter(*member, "path", components));
    if (operation.path_members.empty())
        for (const auto& name : operation.path_names)
            parameters.push_back(json::object{
                {"name", name}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
    if (!operation.takes_body())
        for (const auto* member : operation.input_members)
            parameters.push_back(parameter(*member, "query", components));
    if (operation.if_match)
        parameters.push_back(header_parameter(
            "If-Match", operation.if_match->type().kind != Kind::optional, "The version that was seen"));
    if (takes_idempotency_key(operation.spec))
        parameters.push_back(
            header_parameter("Idempotency-Key", false, "The same key and body again answer as the first time"));
    if (operation.spec.method == Method::get && operation.binding.response)
        parameters.push_back(
            header_parameter("Onefold-Min-Position", false, "Wait until this position is reflected, at most 5 s"));
    return parameters;
}

json::object responses_of(const Operation& operation, Components& components) {
    const json::object error{
        {"description", "What went wrong"}, {"content", content_of({{"$ref", "#/components/schemas/Error"}})}};
    json::object responses;
    if (operation.binding.response) {
        const auto* status = operation.spec.creates == Creates::something ? "201" : "200";
        responses[status] = json::object{
            {"description", "Done"}, {"content", content_of(components.schema_of(operation.binding.response()))}};
    } else if (operation.stream) {
        responses["200"] = json::object{{"description", "Server-sent events"},
            {"content",
                json::object{{"text/event-stream", json::object{{"schema", json::object{{"type", "string"}}}}}}}};
    } else if (operation.raw) {
        responses["200"] = json::object{{"description", "Done"}, {"content", content_of(operation.response_schema)}};
    } else {
        responses["204"] = json::object{{"description", "Done"}};
    }
    responses["default"] = error;
    return responses;
}

json::array security_of(const Permission& permission) {
    if (permission.code == open_to_all.code)
        return {};
    if (permission.code == by_write_key.code)
        return {json::object{{"write_key", json::array{}}}, json::object{}};
    return {json::object{{"session", json::array{}}}, json::object{{"token", json::array{}}}};
}

json::object described(const Operation& operation, Components& components) {
    const auto& spec = operation.spec;
    json::object result{{"operationId", spec.name}, {"summary", spec.summary.in("en")},
        {"x-summary-zh", spec.summary.in("zh-CN")}, {"tags", json::array{spec.name.substr(0, spec.name.find('.'))}},
        {"x-permission", spec.permission.code}, {"security", security_of(spec.permission)}};
    if (spec.permission.is_local)
        result["x-local-only"] = true;
    if (!spec.audit.verb.empty())
        result["x-audit"] = spec.audit.verb;
    if (auto parameters = parameters_of(operation, components); !parameters.empty())
        result["parameters"] = std::move(parameters);
    if (operation.takes_body())
        result["x-body-bytes-max"] = spec.body_bytes_max;
    if (operation.has_body_members()) {
        const auto& members = operation.input_members;
        const bool is_required =
            std::ranges::any_of(members, [](const auto* member) { return member->type().kind != Kind::optional; });
        result["requestBody"] = json::object{{"required", is_required},
            {"content", content_of(components.schema_of_members(operation.binding.request(), members, "Body"))}};
    } else if (operation.raw && operation.takes_body()) {
        result["requestBody"] = json::object{{"required", true}, {"content", content_of(operation.request_schema)}};
    }
    result["responses"] = responses_of(operation, components);
    return result;
}

json::object security_schemes() {
    return {
        {"session", json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "sid"},
                        {"description", "__Host-sid over TLS"}}},
        {"token", json::object{{"type", "http"}, {"scheme", "bearer"}}},
        {"write_key", json::object{{"type", "http"}, {"scheme", "basic"},
                          {"description", "The write key of a source as user, no password"}}},
    };
}

} // namespace

json::object openapi_of(const std::vector<std::unique_ptr<Operation>>& operations) {
    Components components;
    components.add("Error", error_schema());
    std::map<std::string, json::object> paths;
    for (const auto& operation : operations) {
        std::string method(name_of(operation->spec.method));
        std::ranges::transform(method, method.begin(), [](unsigned char c) { return char(std::tolower(c)); });
        paths[operation->path][method] = described(*operation, components);
    }
    json::object all_paths, schemas;
    for (auto& [path, item] : paths)
        all_paths[path] = std::move(item);
    for (const auto& [name, schema] : components.schemas())
        schemas[name] = schema;
    return {{"openapi", "3.1.0"}, {"info", json::object{{"title", "Onefold"}, {"version", "1"}}},
        {"paths", std::move(all_paths)},
        {"components", json::object{{"schemas", std::move(schemas)}, {"securitySchemes", security_schemes()}}}};
}

} // namespace onefold::http
