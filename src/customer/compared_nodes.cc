// One side of the comparison: nodes in the order of their keys, each with its claims, its memberships, and, at the
// first of its nodes, the customer.
#include "core/text.h"
#include "customer/compared_customers.h"
#include "customer/comparison.h"
#include "identity/facts.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

constexpr std::int64_t page_nodes = 1000;

struct Node {
    NodeId id;
    CustomerId customer;
    std::string words;
    Item item;
};

std::string field_name(FieldId field) {
    const auto* golden = object::find_golden_field(field);
    return golden ? std::string(golden->code) : "field " + to_string(field);
}

// "" where the customer that was opened for this node says rightly where it is now.
std::string anchor_words(const store::Row& row, int first_column) {
    const std::int64_t anchor = row.integer(first_column), customer = row.integer(first_column + 3);
    const std::int64_t into = row.integer(first_column + 2);
    const std::string_view state = row.text(first_column + 1);
    if (!anchor || (anchor == customer ? state == "active" && !into : state == "merged" && into == customer))
        return "";
    return into ? fmt::format("customer {} is {} into {}", anchor, state, into)
                : fmt::format("customer {} is {}", anchor, state.empty() ? "gone" : state);
}

class NodeReader {
  public:
    NodeReader(const ComparedRooms& rooms, store::Session& session) : rooms_(rooms), session_(session) {}

    Result<std::vector<Item>> read(const store::Values& after) {
        std::vector<Node> nodes = TRY(read_nodes(after));
        TRY(add_representatives(nodes));
        TRY(add_claims(nodes));
        TRY(add_memberships(nodes));
        std::vector<Item> items;
        for (Node& node : nodes) {
            std::ranges::sort(node.item.lines, {}, [](const Line& line) { return std::tie(line.what, line.key); });
            items.push_back(std::move(node.item));
        }
        return items;
    }

  private:
    Result<std::vector<Node>> read_nodes(const store::Values& after) {
        std::vector<Node> nodes;
        store::Values values = after;
        values.emplace_back(page_nodes);
        TRY(session_.each(
            "SELECT n.source_id, n.kind, n.subject_key, n.id, n.facts, n.first_at, a.event_count, a.first_at, "
            "a.last_at, n.anchor_of, c.state, c.merged_into, n.customer_id FROM node n LEFT JOIN node_activity a ON "
            "a.node_id = n.id LEFT JOIN customer c ON c.id = n.anchor_of WHERE (n.source_id, n.kind, n.subject_key) > "
            "($1, $2, $3) AND n.customer_id <> 0 ORDER BY n.source_id, n.kind, n.subject_key LIMIT $4",
            values, [&](const store::Row& row) -> Result<> {
                nodes.push_back(node_of(row));
                return {};
            }));
        return nodes;
    }

    Node node_of(const store::Row& row) const {
        Node node{NodeId{row.integer(3)}, CustomerId{row.integer(12)},
            node_words(rooms_.sources, SourceId{row.integer(0)}, row.text(1), row.text(2)), {}};
        node.item.place = {row.integer(0), std::string(row.text(1)), std::string(row.text(2))};
        Line line{"node", node.words, {}, {}, {}};
        for (const identity::Fact& fact : identity::facts_of(row.text(4)))
            line.fields.emplace_back("fact " + field_name(fact.field),
                fmt::format("{} ({}{}{})", fact.value, identity::to_string(fact.mark),
                    fact.mark == identity::Mark::said ? "" : " ", to_rfc3339(fact.at)));
        line.fields.emplace_back("first_at", time_words(row, 5));
        line.fields.emplace_back("event_count", std::to_string(row.integer(6)));
        line.fields.emplace_back("first_event_at", time_words(row, 7));
        line.fields.emplace_back("last_event_at", time_words(row, 8));
        if (std::string anchor = anchor_words(row, 9); !anchor.empty())
            line.fields.emplace_back("merged_into", std::move(anchor));
        node.item.lines.push_back(std::move(line));
        return node;
    }

    // A customer is known by the first of its nodes; there it stands itself.
    Result<> add_representatives(std::vector<Node>& nodes) {
        std::map<CustomerId, std::string> first;
        for (const Node& node : nodes)
            first[node.customer];
        std::vector<store::Values> keys;
        std::vector<std::string*> of;
        for (auto& [customer, words] : first) {
            keys.push_back({customer.value});
            of.push_back(&words);
        }
        TRY(session_.each_many("SELECT source_id, kind, subject_key FROM node WHERE customer_id = $1 ORDER BY "
                               "source_id, kind, subject_key LIMIT 1",
            keys, [&](std::size_t index, const store::Row& row) -> Result<> {
                *of[index] = node_words(rooms_.sources, SourceId{row.integer(0)}, row.text(1), row.text(2));
                return {};
            }));
        std::vector<CustomerId> customers;
        std::vector<Node*> homes;
        for (Node& node : nodes) {
            const std::string& representative = first.at(node.customer);
            node.item.lines.front().fields.emplace_back("customer", representative);
            if (representative != node.words)
                continue;
            customers.push_back(node.customer);
            homes.push_back(&node);
        }
        auto lines = TRY(lines_of_customers(rooms_, session_, customers));
        for (std::size_t i = 0; i < homes.size(); ++i)
            for (Line& line : lines[i]) {
                line.key = homes[i]->words;
                homes[i]->item.lines.push_back(std::move(line));
            }
        return {};
    }

    Result<> add_claims(std::vector<Node>& nodes) {
        return session_.each_many("SELECT i.type, i.scope, i.digest, i.sealed_value, i.state, c.first_at, c.verified, "
                                  "c.checked_by, c.checked_at "
                                  "FROM claim c JOIN "
                                  "identifier i ON i.id = c.identifier_id WHERE c.node_id = $1",
            keys_of(nodes), [&](std::size_t index, const store::Row& row) -> Result<> {
                const std::string_view type = row.text(0), scope = row.text(1);
                Line claim{"claim",
                    fmt::format("{}: {}{}{} {}", nodes[index].words, type, scope.empty() ? "" : "@", scope,
                        to_hex(row.blob(2)).substr(0, 32)),
                    {{"first_at", time_words(row, 5)}, {"state", std::string(row.text(4))},
                        {"verified", std::to_string(row.integer(6))}},
                    std::string(type), std::string(row.blob(3))};
                if (!row.is_null(7))
                    claim.fields.emplace_back("checked", fmt::format("{} {}", row.text(7), time_words(row, 8)));
                nodes[index].item.lines.push_back(std::move(claim));
                return {};
            });
    }

    Result<> add_memberships(std::vector<Node>& nodes) {
        return session_.each_many("SELECT o.source_id, o.kind, o.subject_key, m.role, m.title, m.valid_from, "
                                  "m.valid_to, m.is_decision_maker, "
                                  "m.source_id, m.stated_from, m.is_removed FROM membership m JOIN node o ON o.id = "
                                  "m.organisation_node WHERE m.person_node = $1",
            keys_of(nodes), [&](std::size_t index, const store::Row& row) -> Result<> {
                nodes[index].item.lines.push_back({"membership",
                    fmt::format("{} of {}, says {}", nodes[index].words,
                        node_words(rooms_.sources, SourceId{row.integer(0)}, row.text(1), row.text(2)),
                        source_name(rooms_.sources, SourceId{row.integer(8)})),
                    {{"role", std::string(row.text(3))}, {"title", std::string(row.text(4))},
                        {"valid_from", time_words(row, 5)}, {"valid_to", time_words(row, 6)},
                        {"is_decision_maker", std::to_string(row.integer(7))}, {"stated_from", time_words(row, 9)},
                        {"is_removed", std::to_string(row.integer(10))}},
                    {}, {}});
                return {};
            });
    }

    static std::vector<store::Values> keys_of(const std::vector<Node>& nodes) {
        std::vector<store::Values> keys;
        for (const Node& node : nodes)
            keys.push_back({node.id.value});
        return keys;
    }

    const ComparedRooms& rooms_;
    store::Session& session_;
};

} // namespace

Pages node_pages(const ComparedRooms& rooms, store::Session& session) {
    return [reader = NodeReader(rooms, session)](const store::Values& after) mutable { return reader.read(after); };
}

} // namespace onefold::customer
