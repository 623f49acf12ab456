// Messages in the address of an image: e-mails, pages without scripts, Snowplow's GET.
#include "tracking/door.h"
#include "tracking/pixel.h"
#include "tracking/snowplow.h"

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

// Whatever happens, a picture is answered; where the key is right, what cannot be used is kept as refused.
class PixelCall {
  public:
    using Take = void (*)(Json message, const http::Incoming& incoming, const Occasion& occasion, Taken& taken);
    PixelCall(std::shared_ptr<Door> door, std::string_view key_name, Take take)
        : door_(std::move(door)), key_name_(key_name), take_(take) {}

    void operator()(const Caller&, const http::Incoming& incoming, http::Respond respond) const {
        auto message = message_of_query(incoming.query);
        const auto arrival =
            door_->arrive({message ? key_in(*message) : query_value(incoming.query, key_name_)}, incoming);
        if (!arrival)
            return respond(image());
        Taken taken;
        if (message)
            take_(std::move(*message), incoming, arrival->occasion, taken);
        else
            taken.refused.push_back(
                refused({"tracking.unreadable", ""}, arrival->occasion.needs_consent ? "" : incoming.query));
        door_->take_in(*arrival, std::move(taken), [respond](const Result<Position>&) { respond(image()); });
    }

  private:
    std::string key_in(const Json& message) const {
        const auto* key = find_member(message, key_name_);
        return key && key->is_string() ? std::string(key->get_string()) : "";
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
            refused({"tracking.unknown_type", "/type"}, occasion.needs_consent ? "" : boost::json::serialize(message)));
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
    contract.add_raw(
        spec_of("/v1/pixel/{type}", "tracking.pixel",
            {"A message in the address of an image (data, or flat parameters)", "通过图片地址上报（data 或平铺参数）"}),
        {}, picture, PixelCall(door, "writeKey", take_pixel));
    contract.add_path("tracking.pixel", "/pixel/v1/{type}");
    contract.add_raw(
        spec_of("/i", "tracking.snowplow_pixel",
            {"An event of a Snowplow tracker in the address of an image", "Snowplow 跟踪器通过图片地址上报"}),
        {}, picture, PixelCall(door, "aid", take_snowplow_pixel));
}

} // namespace onefold::tracking
