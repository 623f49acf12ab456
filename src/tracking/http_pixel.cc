// Messages in the address of an image: e-mails, pages without scripts, Snowplow's GET.
#include "tracking/door.h"
#include "tracking/pixel.h"
#include "tracking/snowplow.h"

#include <thread>

namespace onefold::tracking {
namespace {

using Json = boost::json::object;

http::Outgoing image() {
    return {200, {{"Content-Type", "image/gif"}}, std::string(gif())};
}

Json message_with_agent(Json message, const http::Incoming& incoming) {
    const std::string_view agent = incoming.header("user-agent");
    auto& context = message["context"];
    if (context.is_null())
        context = Json{};
    if (context.is_object() && !agent.empty())
        context.get_object().emplace("userAgent", agent);
    return message;
}

// Whatever happens, a picture is answered. Nobody sends an image again: where the key is right, what cannot be used,
// and what cannot be taken at the moment, is kept as refused.
class PixelCall {
  public:
    using Take = void (*)(Json message, const http::Incoming& incoming, const Occasion& occasion, Taken& taken);
    PixelCall(std::shared_ptr<Door> door, std::string_view key_name, Take take)
        : door_(std::move(door)), key_name_(key_name), take_(take) {}

    void operator()(const Caller&, const http::Incoming& incoming, http::Respond respond) const {
        auto message = message_of_query(incoming.query);
        const auto arrival = door_->find({key_of(incoming.query, message)}, incoming);
        if (!arrival)
            return respond(image());
        Taken taken;
        if (message) {
            message->erase(key_name_);
            take_(std::move(*message), incoming, arrival->occasion, taken);
        } else
            taken.refused.push_back(refused({"tracking.unreadable", ""},
                arrival->occasion.needs_consent ? "" : without_key(incoming.query, key_name_)));
        if (auto admitted = door_->admit(*arrival); admitted)
            return take_in(*arrival, std::move(taken), respond);
        else
            door_->hold_back(*arrival, std::move(taken), admitted.error());
        respond(image());
    }

    // Called from the thread that reads the network: nothing can be kept there.
    http::Outgoing turn_away(const http::Incoming& incoming) const {
        door_->note_limited(key_of(incoming.query, message_of_query(incoming.query)));
        return image();
    }

  private:
    std::string key_of(std::string_view query, const Result<Json>& message) const {
        if (!message)
            return query_value(query, key_name_);
        const auto* key = find_member(*message, key_name_);
        return key && key->is_string() ? std::string(key->get_string()) : "";
    }

    // What the log gives up from its own thread (the disk is full) is not kept from there: that thread must not wait
    // for the database, which lies on the same disk as a rule.
    void take_in(const Arrival& arrival, Taken taken, const http::Respond& respond) const {
        auto copy = std::make_shared<Taken>(taken);
        door_->take_in(arrival, std::move(taken),
            [door = door_, arrival, copy, respond, here = std::this_thread::get_id()](const Result<Position>& stored) {
                if (!stored && stored.error().code != "tracking.origin_not_allowed") {
                    if (std::this_thread::get_id() == here)
                        door->hold_back(arrival, std::move(*copy), stored.error());
                    else
                        door->tell_lost(arrival.source->id, 1, stored.error().code);
                }
                respond(image());
            });
    }

    std::shared_ptr<Door> door_;
    std::string_view key_name_;
    Take take_;
};

void take_pixel(Json message, const http::Incoming& incoming, const Occasion& occasion, Taken& taken) {
    message["type"] = incoming.path_values.front().second;
    const std::string_view type = type_of(message);
    if (type.empty())
        taken.refused.push_back(
            refused({"tracking.unknown_type", "/type"}, occasion.needs_consent ? "" : readable(message)));
    else
        take_message(message_with_agent(std::move(message), incoming), type, occasion, taken);
}

void take_snowplow_pixel(Json event, const http::Incoming&, const Occasion& occasion, Taken& taken) {
    take_snowplow_event(event, occasion, taken);
}

http::Spec spec_of(std::string_view path, std::string_view name, LocalText summary) {
    return {http::Method::get, path, name, http::by_write_key, http::not_audited, std::move(summary),
        http::Creates::nothing, http::Run::worker, 0, http::Origins::any, http::Parameters::any};
}

} // namespace

void add_pixel_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    const Json picture{{"type", "string"}, {"contentMediaType", "image/gif"}};
    const auto add = [&](http::Spec spec, PixelCall call) {
        const std::string name(spec.name);
        contract.add_raw(std::move(spec), {}, picture, call);
        contract.set_turn_away(name, [call](const http::Incoming& incoming) { return call.turn_away(incoming); });
    };
    add(spec_of("/v1/pixel/{type}", "tracking.pixel",
            {"A message in the address of an image (data, or flat parameters)", "通过图片地址上报（data 或平铺参数）"}),
        PixelCall(door, "writeKey", take_pixel));
    contract.add_path("tracking.pixel", "/pixel/v1/{type}");
    add(spec_of("/i", "tracking.snowplow_pixel",
            {"An event of a Snowplow tracker in the address of an image", "Snowplow 跟踪器通过图片地址上报"}),
        PixelCall(door, "aid", take_snowplow_pixel));
}

} // namespace onefold::tracking
