#include "http/contract.h"

#include "core/text.h"
#include "http/exchange.h"
#include "http/openapi.h"
#include "http/route.h"

#include <algorithm>

namespace onefold::http {

Contract::Contract() : routes_(std::make_unique<Routes>()) {
    Spec spec{.method = Method::get,
        .path = "/api/openapi.json",
        .name = "openapi.get",
        .permission = open_to_all,
        .audit = not_audited,
        .summary = {"This description of the interface, as OpenAPI 3.1", "本接口的 OpenAPI 3.1 描述"}};
    add_raw(std::move(spec), {}, {{"type", "object"}}, [this](const Caller&, const Incoming&, Respond respond) {
        std::call_once(openapi_once_, [this] { openapi_text_ = boost::json::serialize(openapi()); });
        respond({200, {{"Content-Type", "application/json"}}, openapi_text_});
    });
}

Contract::~Contract() = default;

void Contract::add_operation(std::unique_ptr<Operation> operation) {
    operation->path = operation->spec.path;
    operation->name = operation->spec.name;
    operation->verb = operation->spec.audit.verb;
    operation->spec.path = operation->path;
    operation->spec.name = operation->name;
    operation->spec.audit.verb = operation->verb;
    VERIFY(std::ranges::none_of(operations_, [&](const auto& other) { return other->name == operation->name; }));
    routes_->add(*operation, operation->path);
    operations_.push_back(std::move(operation));
}

void Contract::add_typed(Spec spec, Binding binding) {
    auto operation = std::make_unique<Operation>(std::move(spec));
    operation->binding = std::move(binding);
    auto& added = *operation;
    add_operation(std::move(operation));

    const Type& request = added.binding.request();
    VERIFY(request.kind == Kind::object);
    for (const auto& name : added.path_names) {
        const auto* member = request.find(name);
        VERIFY(member != nullptr);
        added.path_members.push_back(member);
    }
    for (const auto& member : request.members) {
        if (member.name == "if_match")
            added.if_match = &member;
        else if (std::ranges::find(added.path_members, &member) == added.path_members.end())
            added.input_members.push_back(&member);
    }
}

void Contract::add_raw(
    Spec spec, boost::json::object request_schema, boost::json::object response_schema, RawHandler handler) {
    auto operation = std::make_unique<Operation>(std::move(spec));
    operation->raw = std::move(handler);
    operation->request_schema = std::move(request_schema);
    operation->response_schema = std::move(response_schema);
    add_operation(std::move(operation));
}

Operation& Contract::named(std::string_view operation) {
    const auto found = std::ranges::find_if(operations_, [&](const auto& one) { return one->name == operation; });
    VERIFY(found != operations_.end());
    return **found;
}

void Contract::add_path(std::string_view operation, std::string_view path) {
    routes_->add(named(operation), path);
}

void Contract::set_turn_away(std::string_view operation, TurnAway answer) {
    named(operation).turn_away = std::move(answer);
}

Outgoing Contract::turn_away(const Incoming& incoming) const {
    const auto* operation = route(incoming.method, incoming.path);
    Outgoing answer =
        operation && operation->turn_away
            ? operation->turn_away(incoming)
            : outgoing_of(overloaded(), locale_from(incoming.header("accept-language")), new_request_id());
    if (operation)
        operation->answers_by_class[std::size_t(answer.status / 100) % 6].fetch_add(1, std::memory_order_relaxed);
    return answer;
}

void Contract::add_stream(Spec spec, StreamHandler handler) {
    VERIFY(spec.method == Method::get);
    auto operation = std::make_unique<Operation>(std::move(spec));
    operation->stream = std::move(handler);
    add_operation(std::move(operation));
}

void Contract::connect(Plugs plugs) {
    plugs_.emplace(plugs);
}

const Operation* Contract::route(Method method, std::string_view path) const {
    return routes_->find(method, path).operation;
}

std::optional<std::size_t> Contract::body_bytes_max(Method method, std::string_view path) const {
    const auto* operation = route(method, path);
    if (!operation)
        return std::nullopt;
    return operation->takes_body() ? operation->spec.body_bytes_max : 0;
}

Run Contract::run_of(Method method, std::string_view path) const {
    const auto* operation = route(method, path);
    return operation ? operation->spec.run : Run::at_once;
}

bool Contract::is_for_senders(Method method, std::string_view path) const {
    const auto* operation = route(method, path);
    return operation && operation->spec.permission.code == by_write_key.code;
}

const Contract::StreamHandler* Contract::stream_of(Method method, std::string_view path) const {
    const auto* operation = route(method, path);
    return operation && operation->stream ? &operation->stream : nullptr;
}

Origins Contract::origins_of(std::string_view path) const {
    Origins origins = Origins::own;
    for (const auto method : {Method::get, Method::post, Method::put, Method::patch, Method::delete_})
        if (const auto* operation = route(method, path))
            origins = std::max(origins, operation->spec.origins);
    return origins;
}

std::string Contract::allowed_methods(std::string_view path) const {
    const auto found = routes_->find(Method::get, path);
    if (!found.operation)
        return found.allowed;
    std::string allowed = "GET, HEAD";
    for (const auto method : {Method::post, Method::put, Method::patch, Method::delete_})
        if (route(method, path))
            allowed += ", " + std::string(name_of(method));
    return allowed;
}

std::vector<OperationCount> Contract::counts() const {
    std::vector<OperationCount> counts;
    for (const auto& operation : operations_) {
        OperationCount count{.operation = operation->name};
        for (std::size_t i = 0; i < count.answers_by_class.size(); ++i)
            count.answers_by_class[i] = operation->answers_by_class[i].load(std::memory_order_relaxed);
        count.microseconds = operation->microseconds.load(std::memory_order_relaxed);
        counts.push_back(count);
    }
    return counts;
}

boost::json::object Contract::openapi() const {
    return openapi_of(operations_);
}

} // namespace onefold::http
