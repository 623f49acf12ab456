#include "tracking/body.h"

#include "http/json.h"
#include "tracking/compact_size.h"
#include "tracking/consent.h"

#include <array>

namespace onefold::tracking {
namespace {

using boost::json::value;
using Json = boost::json::object;

Failure too_large(std::string_view en, std::string_view zh) {
    return fail(ErrorKind::invalid, "tracking.too_large", {std::string(en), std::string(zh)});
}

// What a batch says for all its messages.
class Shared {
  public:
    Shared(const Json& body, const Occasion& occasion, Taken& taken) {
        for (const std::string_view name : {"context", "integrations"}) {
            const value* found = find_member(body, name);
            if (found && found->is_object()) {
                objects_.emplace_back(name, &found->get_object());
                bytes_ += compact_size(found->get_object());
            } else if (found)
                taken.refused.push_back(refused(
                    {"tracking.wrong_type", fmt::format("/{}", name)}, occasion.needs_consent ? "" : readable(*found)));
        }
        for (const std::string_view name : {"sentAt", "timestamp"})
            if (const value* found = find_member(body, name))
                values_.emplace_back(name, found);
    }

    const Json* context() const {
        return objects_.empty() || objects_.front().first != "context" ? nullptr : objects_.front().second;
    }

    bool is_too_large() const { return bytes_ > message_bytes_max; }

    void add_to(Json& message) const {
        add_objects_to(message);
        add_times_to(message);
    }
    void add_times_to(Json& message) const {
        for (const auto& [name, shared] : values_)
            if (!find_member(message, name))
                message[name] = *shared;
    }

  private:
    void add_objects_to(Json& message) const {
        for (const auto& [name, shared] : objects_) {
            auto& own = message[name];
            if (!own.is_object())
                own = Json{};
            for (const auto& [key, member] : *shared)
                own.get_object().emplace(key, member);
        }
    }

    std::size_t bytes_ = 0;
    std::vector<std::pair<std::string_view, const Json*>> objects_;
    std::vector<std::pair<std::string_view, const value*>> values_;
};

// Refuses a message; nothing of it is kept where its consent would be needed and is not there, and never its key.
void refuse(Reason reason, value& message, std::string_view call, const Occasion& occasion, Taken& taken,
    const Json* shared_context = nullptr) {
    Json* json = message.if_object();
    if (json)
        json->erase("writeKey");
    const bool may_keep = !occasion.needs_consent || (json && has_consent(*json, shared_context));
    taken.refused.push_back(refused(std::move(reason), may_keep ? readable(message) : "", call));
}

bool lacks_consent(const Json& message, const Occasion& occasion, const Json* shared_context = nullptr) {
    return occasion.needs_consent && !has_consent(message, shared_context);
}

// Who says no is known by what they said, not by where they were.
Occasion without_address(Occasion occasion) {
    occasion.address.clear();
    return occasion;
}

// The bytes that it adds to what is taken.
std::size_t add_formed(Json message, std::string_view type, const Occasion& occasion, Taken& taken) {
    Message ready = formed(std::move(message), type, occasion);
    const std::size_t size = ready.payload.size();
    if (size > formed_bytes_max) {
        taken.refused.push_back(refused({"tracking.formed_too_large", ""}, ready.payload, type));
        return 0;
    }
    taken.messages.push_back(std::move(ready));
    return size;
}

// The bytes that it adds to what is taken.
std::size_t take_allowed(Json message, std::string_view type, const Occasion& occasion, Taken& taken) {
    auto fault = find_fault(message, type);
    if (!fault && is_larger_than(message_bytes_max, message))
        fault = {"tracking.too_large", ""};
    if (!fault)
        return add_formed(std::move(message), type, occasion, taken);
    value kept = std::move(message);
    refuse(std::move(*fault), kept, type, occasion, taken);
    return 0;
}

} // namespace

Result<Json> parse_body(std::string_view body, boost::json::storage_ptr storage) {
    if (body.size() > body_bytes_max)
        return too_large("The body is larger than 512 KiB. Nothing was stored; send smaller batches.",
            "请求正文超过 512 KiB，数据未保存，请减小批量。");
    value parsed = TRY(http::parse_json(body, std::move(storage)));
    if (!parsed.is_object())
        return fail(ErrorKind::invalid, "tracking.not_an_object",
            {"The body is not a JSON object.", "请求正文不是 JSON 对象。"});
    return std::move(parsed.get_object());
}

std::string write_key_in(const Json& body) {
    const value* key = find_member(body, "writeKey");
    return key && key->is_string() ? std::string(key->get_string()) : "";
}

Taken refuse_all(Taken taken, const Reason& reason) {
    for (Message& message : taken.messages)
        taken.refused.push_back({reason, std::move(message.payload)});
    taken.messages.clear();
    return taken;
}

void take_message(Json message, std::string_view type, const Occasion& occasion, Taken& taken) {
    if (!lacks_consent(message, occasion))
        take_allowed(std::move(message), type, occasion, taken);
    else if (takes_consent_back(message, type))
        take_allowed(only_consent(message), type, without_address(occasion), taken);
    else
        taken.refused.push_back({{"tracking.no_consent", "/context/consent"}, ""});
}

Failure message_too_large() {
    return too_large("The message is larger than 32 KiB. Nothing was stored.", "消息超过 32 KiB，数据未保存。");
}

Result<Taken> take_single(Json message, std::string_view type, const Occasion& occasion) {
    Taken taken;
    take_message(std::move(message), type, occasion, taken);
    if (!taken.refused.empty() && taken.refused.front().reason.code == "tracking.too_large")
        return message_too_large();
    return taken;
}

Result<Taken> take_batch(Json body, const Occasion& occasion) {
    value* const batch = body.if_contains("batch");
    if (!batch || !batch->is_array()) {
        const LocalText message{"A batch is {\"batch\": [messages]}.", "批量消息的格式为 {\"batch\": [消息]}。"};
        return fail(ErrorKind::invalid, "tracking.not_a_batch", message, {{"/batch", "tracking.not_a_batch", message}});
    }
    Taken taken;
    const Shared shared(body, occasion, taken);
    std::size_t bytes = 0;
    auto refuse = [&](Reason reason, value& message) {
        if (message.is_object() && bytes <= batch_payload_bytes_max && !shared.is_too_large())
            shared.add_to(message.get_object());
        const std::size_t before = taken.refused.size();
        tracking::refuse(std::move(reason), message, "", occasion, taken, shared.context());
        bytes += taken.refused[before].text.size();
    };
    auto take = [&](value& message) {
        Json& json = message.get_object();
        const std::string_view type = type_of(json);
        if (lacks_consent(json, occasion, shared.context())) {
            if (!takes_consent_back(json, type, shared.context()))
                return taken.refused.push_back({{"tracking.no_consent", "/context/consent"}, ""});
            shared.add_times_to(json);
            bytes += take_allowed(only_consent(json, shared.context()), type, without_address(occasion), taken);
        } else if (type.empty())
            refuse({"tracking.unknown_type", "/type"}, message);
        else if (bytes > batch_payload_bytes_max)
            refuse({"tracking.batch_too_large", ""}, message);
        else if (auto fault = find_fault(json, type))
            refuse(std::move(*fault), message);
        else if (is_larger_than(message_bytes_max, json))
            refuse({"tracking.too_large", ""}, message);
        else if (shared.is_too_large())
            refuse({"tracking.shared_too_large", ""}, message);
        else {
            shared.add_to(json);
            bytes += add_formed(std::move(json), type, occasion, taken);
        }
    };
    for (std::size_t i = 0; i < batch->get_array().size(); ++i) {
        value& message = batch->get_array()[i];
        if (i >= batch_messages_max)
            refuse({"tracking.too_many", ""}, message);
        else if (!message.is_object())
            refuse({"tracking.not_an_object", ""}, message);
        else
            take(message);
    }
    return taken;
}

} // namespace onefold::tracking
