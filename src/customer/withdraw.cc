// Taking back what sources said: what an import brought goes as it came.
#include "customer/effects.h"
#include "customer/noting_book.h"
#include "customer/taker.h"
#include "store/keys.h"

#include <set>

namespace onefold::customer {
namespace {

using Place = std::tuple<SourceId, identity::NodeKind, std::string>;

Place place_of(const identity::Subject& subject) {
    return {subject.source, subject.kind, subject.key};
}

Result<std::map<Place, NodeId>> read_places(store::Session& session, const std::vector<NodeId>& nodes) {
    std::map<Place, NodeId> places;
    TRY(session.each_many("SELECT source_id, kind, subject_key, id FROM node WHERE id = $1", store::keys_of(nodes),
        [&](std::size_t, const store::Row& row) -> Result<> {
            places[{SourceId{row.integer(0)}, identity::kind_named(row.text(1)), std::string(row.text(2))}] =
                NodeId{row.integer(3)};
            return {};
        }));
    return places;
}

// What remains of some nodes, as the log says it.
struct Remainder {
    std::vector<Message> messages;
    std::vector<identity::Subject> subjects;
    EventSums sums;
    std::set<NodeId> nodes;
};

Result<Remainder> read_remainder(const std::vector<event_log::Frame>& frames, const source::Sources& sources,
    const std::map<Place, NodeId>& places, const Written& written) {
    Remainder all;
    for (const event_log::Frame& frame : frames) {
        Message message = read_message(frame, TRY(sources.get(frame.source_id)));
        const auto own = places.find(place_of(message.subject));
        if (own != places.end()) {
            all.subjects.push_back(message.subject);
            all.nodes.insert(own->second);
            if (frame.kind != event_log::FrameKind::claim && frame.position < written.of(own->second))
                all.sums[own->second].add(sum_of(message));
        }
        if (message.organisation)
            if (const auto group = places.find(place_of(*message.organisation)); group != places.end()) {
                all.subjects.push_back(*message.organisation);
                all.nodes.insert(group->second);
            }
        if (own != places.end() && message.organisation)
            all.messages.push_back(std::move(message));
    }
    return all;
}

Result<> write_memberships(
    store::Session& session, const identity::Identity& identity, const std::vector<Message>& messages) {
    std::vector<identity::Identity::NodeKey> keys;
    for (const Message& message : messages)
        for (const auto* subject : {&message.subject, &*message.organisation})
            keys.push_back({subject->source, subject->kind, subject->key});
    const auto nodes = TRY(identity.find_node_ids(session, keys));
    std::vector<identity::Membership> memberships;
    for (std::size_t i = 0; i < messages.size(); ++i)
        if (nodes[2 * i] && nodes[2 * i + 1])
            memberships.push_back(
                {nodes[2 * i], nodes[2 * i + 1], messages[i].membership, messages[i].at, messages[i].subject.source});
    return identity::save_memberships(session, memberships);
}

Result<> write_sums(store::Session& session, const std::vector<NodeId>& nodes, const EventSums& sums) {
    TRY(session.execute_many("DELETE FROM node_activity WHERE node_id = $1", store::keys_of(nodes)));
    std::vector<store::Values> rows;
    for (const auto& [node, sum] : sums)
        rows.push_back({node.value, micros_of(sum.first_at), micros_of(sum.last_at), sum.count});
    TRY(session.execute_many(
        "INSERT INTO node_activity (node_id, first_at, last_at, event_count) VALUES ($1, $2, $3, $4)", rows));
    return {};
}

// The customers that were opened for what is gone, and hang on nothing else.
Result<std::vector<CustomerId>> let_go(store::Session& session, NotingBook& book, const std::vector<NodeId>& going) {
    std::vector<CustomerId> gone;
    TRY(session.each_many("SELECT anchor_of FROM node WHERE id = $1 AND anchor_of IS NOT NULL", store::keys_of(going),
        [&](std::size_t, const store::Row& row) -> Result<> {
            gone.push_back(CustomerId{row.integer(0)});
            return {};
        }));
    TRY(book.withdraw(session, gone));
    return gone;
}

} // namespace

Result<std::vector<CustomerId>> Customers::withdraw(
    store::Session& session, const change::Author& author, const Withdrawal& withdrawal) const {
    const Written written = TRY(Taker::written(session));
    const auto places = TRY(read_places(session, withdrawal.nodes));
    const Remainder remainder = TRY(read_remainder(withdrawal.remaining, sources_, places, written));
    std::vector<NodeId> going;
    for (const NodeId node : withdrawal.nodes)
        if (!remainder.nodes.contains(node))
            going.push_back(node);

    NotingBook book;
    const auto withdrawn = TRY(identity_.withdraw(session, withdrawal.nodes, going));
    const auto absorbed = TRY(identity_.absorb(session, remainder.subjects, book));
    TRY(write_memberships(session, identity_, remainder.messages));
    TRY(write_sums(session, withdrawal.nodes, remainder.sums));
    const identity::Say say{to_string(author.principal), author.at, ""};
    const auto settled_customers = TRY(identity_.settle(session, withdrawn, withdrawal.nodes, say, book));
    auto gone = TRY(let_go(session, book, going));

    std::set<CustomerId> changed(settled_customers.begin(), settled_customers.end());
    changed.insert(absorbed.changed.begin(), absorbed.changed.end());
    TRY(refresh(session, {changed.begin(), changed.end()}));
    TRY(change::append(session, author, TRY(book.entries(session))));
    return gone;
}

} // namespace onefold::customer
