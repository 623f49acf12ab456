#include "customer/effects.h"

#include "customer/message_problem.h"
#include "identity/membership.h"
#include "object/order_statement_store.h"

namespace onefold::customer {
namespace {

Result<object::StatedOrder> stated_order(const Effect& effect, const source::Source& source) {
    const OrderMessage& order = *effect.message->order;
    object::StatedOrder stated{source::order_scope_of(source), order.number, source.id, order.statement};
    if (order.names_buyer && effect.subject)
        stated.statement.buyer = {effect.message->at, effect.subject};
    return stated;
}

} // namespace

Result<std::vector<NodeId>> apply_effects(store::Session& session, const change::Author& author,
    const source::Sources& sources, const std::vector<Effect>& effects) {
    std::vector<object::StatedOrder> orders;
    std::vector<identity::Membership> memberships;
    std::vector<KeptProblem> problems;
    for (const Effect& effect : effects) {
        const Message& message = *effect.message;
        const SourceId source_id = message.subject.source;
        if (message.organisation && effect.subject)
            memberships.push_back({effect.subject, effect.organisation, message.membership, message.at, source_id});
        if (message.order && !message.order->number.empty())
            orders.push_back(TRY(stated_order(effect, TRY(sources.get(source_id)))));
        if (message.problem)
            problems.push_back({source_id, effect.position, effect.received_at,
                message.name.empty() ? message.kind : message.name, *message.problem});
    }
    TRY(identity::save_memberships(session, memberships));
    TRY(keep_problems(session, problems));
    const auto trust = [&](SourceId id) {
        const auto source = sources.get(id);
        return source ? source->trust : 0;
    };
    return TRY(object::state_orders(session, author, orders, trust)).nodes;
}

} // namespace onefold::customer
