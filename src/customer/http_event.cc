// One event as it stands in the diary: what its source sent, word for word, and when.
#include "customer/message.h"
#include "customer/view.h"
#include "http/json.h"

namespace onefold::customer {
namespace {

struct GetEvent {
    Position id; // its position
};
BOOST_DESCRIBE_STRUCT(GetEvent, (), (id))

// `at` is when it happened, `received_at` when it was taken down. `raw` is what was sent, for those who may edit;
// null where it was erased.
struct EventView {
    Position position;
    std::string kind, name, source, message_id;
    Instant at, received_at;
    boost::json::object properties;
    boost::json::value raw;
    bool is_redacted;
};
BOOST_DESCRIBE_STRUCT(
    EventView, (), (position, kind, name, source, message_id, at, received_at, properties, raw, is_redacted))

Failure no_such_event() {
    return fail(ErrorKind::not_found, "customer.no_such_event",
        {"This event is not in the log any more.", "事件日志中已没有该事件。"});
}

} // namespace

void Customers::add_event_routes(http::Contract& contract) {
    contract.add<GetEvent, EventView>(
        {http::Method::get, "/api/v1/events/{id}", "event.get", http::may_read, http::not_audited,
            {"One event as its source sent it, with when it happened and when it was received",
                "单个事件的原始内容、发生时间与接收时间"}},
        [this](const Caller& caller, const GetEvent& request) -> Result<EventView> {
            const auto frame = log_.get(request.id);
            if (!frame)
                return frame.error().kind == ErrorKind::not_found ? no_such_event() : Failure(frame.error());
            const auto source = TRY(sources_.get(frame->source_id));
            Message message = read_message(*frame, source);
            boost::json::value raw;
            if (caller.principal.role >= Role::editor)
                raw = http::parse_json(frame->payload).value_or(nullptr);
            return EventView{frame->position, message.kind, message.name, source.name, frame->message_id, message.at,
                frame->received_at, std::move(message.properties), std::move(raw), frame->is_redacted};
        });
}

} // namespace onefold::customer
