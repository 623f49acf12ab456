#pragma once
// Who is it: nodes (one source's view of one subject), the identifiers they claim, and which nodes are one customer.
//
// Everything here is derived from the event log and from what people decided; `absorb` runs inside the transaction that
// moves the reader's cursor.
#include "access/keys.h"
#include "core/id.h"
#include "core/time.h"
#include "identity/decision.h"
#include "identity/identifier.h"
#include "identity/policy.h"
#include "identity/resolve.h"
#include "identity/value.h"
#include "store/store.h"

#include <atomic>
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

namespace onefold::identity {

const store::Schema& schema();
class Memory;
struct Written;

std::string_view to_string(NodeKind kind);
NodeKind kind_named(std::string_view name); // person for what is neither organisation nor household

struct IdentifierValue {
    const IdentifierType* type = nullptr;
    std::string scope; // "" where there is none
    std::string value; // normalised
    bool is_blocked = false;
    std::string digest = {};  // of a value that is not known any more; "" where it is
    bool is_verified = false; // the source says that it was checked
};

// How a fact is meant. Only people hide a field (its value is "") and confirm what others say.
enum class Mark : std::uint8_t { said, verified, hidden, confirmed };

struct Fact {
    FieldId field;
    std::string value;
    Instant at; // when the source said it of its subject
    Mark mark = Mark::said;
};

// What a source says about a subject, at one time.
struct Subject {
    SourceId source;
    NodeKind kind = NodeKind::person;
    std::string key; // unique among the source's subjects of this kind; see subject_key
    std::vector<IdentifierValue> identifiers;
    std::vector<Fact> facts;
    Instant at;
    std::string cause; // "log:123"
};

// The key of a subject for whom the source has no record id of its own: its strongest identifier, and for identifiers
// that people share also the name. Secret values appear as keyed digests. "" without any identifier, and where all of
// them are placeholders: those say nothing of who it is.
std::string subject_key(
    const access::Keys& keys, const std::vector<IdentifierValue>& identifiers, std::string_view name);

// The key of a subject that only says that several identifiers are one customer's: joins through it are told as
// `alias`.
std::string alias_key(std::string_view name);

// What `customer` does when identity opens, joins and parts customers; called inside absorb's transaction.
class CustomerBook {
  public:
    virtual ~CustomerBook() = default;
    virtual Result<std::vector<CustomerId>> open(store::Session& session, const std::vector<NodeKind>& kinds) = 0;
    // The ids of newcomers, who are told as Absorbed::opened: they may be written whole by who absorbs, before it
    // commits.
    virtual Result<std::vector<CustomerId>> reserve(store::Session& session, const std::vector<NodeKind>& kinds) {
        return open(session, kinds);
    }
    struct Move {
        CustomerId customer;
        CustomerId into; // 0: lives again by itself
    };
    virtual Result<> move(store::Session& session, const std::vector<Move>& moves) = 0;
};

// A node's place, and a node's claim to an identifier, as keyed digests of this process.
struct NodeMark {
    std::uint64_t high = 0, low = 0;
    friend bool operator==(const NodeMark&, const NodeMark&) = default;
};
using ClaimMark = std::uint64_t;

// What the store knows once a transaction is committed (times in µs).
struct Learned {
    struct Node {
        NodeMark mark;
        NodeId node;
        std::int64_t from; // what it says since then does not change when it was first seen
    };
    struct Claim {
        ClaimMark mark;
        std::int64_t from; // said again since then, it changes nothing
    };
    std::vector<Node> nodes;
    std::vector<Claim> claims;
    std::vector<std::pair<NodeId, CustomerId>> placed;
    std::uint64_t generation = 0; // of decisions: what was placed before one is not remembered
};

struct NodeFacts {
    NodeId node;
    SourceId source;
    std::vector<Fact> facts;
    std::string identifier_types = ""; // of what it claims, as held.h has them
};

struct Absorbed {
    // A customer that is new, and all that there is of it.
    struct Opened {
        CustomerId customer;
        NodeKind kind;
        NodeFacts node;
    };
    std::vector<NodeId> nodes;         // one a subject, in order
    std::vector<Opened> opened;        // by customer
    std::vector<CustomerId> changed;   // of the others, whose facts or former nodes changed; sorted
    std::vector<CustomerId> restated;  // those of them of whom only facts were said, maybe the same again; sorted
    std::vector<CustomerId> regrouped; // those of them whose former nodes did, or who are new; sorted
    Learned learned;                   // for `remember`
    std::size_t resolved_nodes = 0;
};

// What a person says of one field of a customer.
struct FieldEdit {
    enum class Kind {
        type,      // `value` holds against all sources
        hide,      // what sources say is wrong, and nothing is known
        automatic, // sources decide again
        confirm,   // `value`, which stands there, is right
        doubt,     // it is not confirmed any more
    };
    FieldId field;
    Kind kind = Kind::type;
    std::string value;
};
struct Edited {
    struct Written {
        FieldId field;
        std::optional<Fact> before, after; // what people said of it
    };
    NodeId node; // where it stands
    std::vector<Written> written;
    std::vector<CustomerId> changed;
};

struct StoredIdentifier {
    std::string type, scope;
    std::string value; // "" of types of which only a digest is kept
    std::string state;
    IdentifierId id;                    // in a customer's list, as all that follows
    bool is_verified = false;           // by a source that says so, or by hand
    std::string verified_by;            // by hand: the principal
    std::optional<Instant> verified_at; // by hand
};
struct StoredNode {
    NodeId id;
    SourceId source;
    NodeKind kind = NodeKind::person;
    std::string subject_key;
    Instant first_at;
    std::vector<Fact> facts;
    std::vector<StoredIdentifier> identifiers;
};
struct StoredLink {
    NodeId node_a, node_b;
    std::string rule;
    std::optional<StoredIdentifier> identifier;
    Instant at;
    std::int64_t rule_version = 0;
    std::string by;
    DecisionId decision; // 0: of no decision
};
struct Lineage {
    std::vector<StoredNode> nodes;
    std::vector<StoredLink> links;
};

class Identity {
  public:
    // A component never grows beyond this; its widest identifier becomes `shared` instead.
    static constexpr std::size_t component_nodes_max = 1000;

    Identity(const access::Keys& keys, const runtime::Clock& clock);
    ~Identity();

    // What was said before costs a look-up in memory; only the components that something new touches are read and
    // resolved. Call `remember` with what was learned once the transaction is committed.
    Result<Absorbed> absorb(store::Session& session, const std::vector<Subject>& subjects, CustomerBook& book) const;
    void remember(const Learned& learned) const;
    // Call this where it is not known whether a transaction with an absorb was committed.
    void forget_customers() const;
    // What people decided in another database (their nodes with facts and claims, separations, links that they made),
    // carried over by source, kind and key of the nodes; what hangs together with it is resolved anew. Of the answer
    // only `opened`, `changed` and `learned` say something.
    Result<Absorbed> copy_decisions(store::Session& from, store::Session& to, CustomerBook& book) const;

    // What sources said of these nodes is taken out: they claim nothing, say nothing and are nobody's, until somebody
    // speaks of them again (`absorb`, in the same transaction where something remains). `Withdrawn` goes on to
    // `settle`. Of those in `going` nothing remains: a customer that was opened for one hangs on another of its
    // records, if any.
    struct Withdrawn {
        std::vector<CustomerId> customers; // whose they were
        std::vector<NodeId> beside;        // further nodes of those
        std::vector<IdentifierId> identifiers;
        struct Checked {
            NodeId node;
            IdentifierId identifier;
            std::string by;
            std::int64_t at;
        };
        std::vector<Checked> checked; // by hand
    };
    Result<Withdrawn> withdraw(
        store::Session& session, const std::vector<NodeId>& nodes, const std::vector<NodeId>& going) const;
    // Resolves what hung together with them; whose nodes or facts changed.
    Result<std::vector<CustomerId>> settle(store::Session& session, const Withdrawn& withdrawn,
        const std::vector<NodeId>& nodes, const Say& say, CustomerBook& book) const;

    // The customers that hold a value, in any scope where none is named; a phone number is read as in each of
    // `regions`. At most 1,000. identity.bad_value and the like for a bad reference.
    Result<std::vector<CustomerId>> find_customers(
        store::Session& session, const Reference& reference, const std::vector<std::string>& regions) const;
    // One list a customer, sorted by type, scope and value.
    Result<std::vector<std::vector<StoredIdentifier>>> list_identifiers(
        store::Session& session, const std::vector<CustomerId>& customers) const;
    // The facts of each customer's nodes.
    Result<std::vector<std::vector<NodeFacts>>> list_facts(
        store::Session& session, const std::vector<CustomerId>& customers) const;
    // The node of each (source, kind, key), 0 where there is none.
    struct NodeKey {
        SourceId source;
        NodeKind kind;
        std::string key;
    };
    struct FoundNode {
        NodeId node; // 0: none
        CustomerId customer;
        std::vector<Fact> facts;
        std::vector<IdentifierId> identifiers;
        std::vector<IdentifierId> verified; // those of them that the source says are checked
    };
    Result<std::vector<FoundNode>> find_nodes(store::Session& session, const std::vector<NodeKey>& keys) const;
    // As find_nodes, without what stands at them.
    Result<std::vector<NodeId>> find_node_ids(store::Session& session, const std::vector<NodeKey>& keys) const;
    // Whether each of these nodes claims all of its identifiers already, verified ones as verified.
    Result<std::vector<bool>> have_claims(store::Session& session, const std::vector<FoundNode>& nodes,
        const std::vector<const std::vector<IdentifierValue>*>& identifiers) const;
    // Whose each of these nodes is, `learned` counting before what is remembered.
    Result<std::vector<CustomerId>> list_customers(
        store::Session& session, const std::vector<NodeId>& nodes, const Learned& learned) const;
    Result<std::vector<NodeId>> list_nodes(store::Session& session, CustomerId customer) const;
    // Of a living customer: where what people say of it hangs.
    Result<NodeId> get_anchor(store::Session& session, CustomerId customer) const;
    struct SourcedNode {
        NodeId node;
        SourceId source;
    };
    Result<std::vector<SourcedNode>> list_sourced_nodes(store::Session& session, CustomerId customer) const;
    Result<Lineage> lineage(store::Session& session, CustomerId customer) const;

    // What people decide; each inside one transaction of the writer, and written whole or not at all. `session` may be
    // rolled back afterwards: that is a preview.
    // identity.already_one, identity.kinds_differ, identity.too_wide
    Result<Decided> merge(store::Session& session, const MergeDraft& draft, const Say& say, CustomerBook& book) const;
    // identity.no_such_node, identity.nothing_left
    Result<Decided> unmerge(
        store::Session& session, const UnmergeDraft& draft, const Say& say, CustomerBook& book) const;
    // That two living customers are two: a separation between all records of both. identity.already_one,
    // identity.already_apart
    Result<Decided> keep_apart(
        store::Session& session, CustomerId customer, CustomerId other, const Say& say, CustomerBook& book) const;
    // identity.no_such_decision, identity.already_undone, identity.overruled
    Result<Decided> undo(store::Session& session, DecisionId decision, const Say& say, CustomerBook& book) const;
    // What people say of fields, on the edits node of the customer's anchor; of a living customer.
    Result<Edited> edit(store::Session& session, CustomerId customer, const std::vector<FieldEdit>& edits,
        const Say& say, CustomerBook& book) const;
    // By hand: that an identifier is the customer's, or that this is not known any more. False where it has no such
    // one.
    enum class IsRight { yes, unknown };
    Result<bool> check_identifier(
        store::Session& session, CustomerId customer, IdentifierId identifier, IsRight is_right, const Say& say) const;
    // Nodes on which people said something of the customer.
    Result<std::vector<NodeFacts>> list_edits(store::Session& session, CustomerId customer) const;
    // Those that speak of the customer's nodes, the newest first; `before` is the last of the page before, 0 at first.
    Result<std::vector<StoredDecision>> list_decisions(
        store::Session& session, CustomerId customer, DecisionId before, int limit) const;
    // The shortest chain of evidence between two nodes of one customer; of equally short ones the strongest. Empty
    // where nothing holds them together any more.
    Result<std::vector<StoredLink>> why(store::Session& session, CustomerId customer, NodeId a, NodeId b) const;

    // ---- values and whether they join ----

    // Newest state first, those that do not join or of which a person spoke; with `value`, also those that simply join.
    Result<ValuePage> list_values(
        store::Session& session, const ValueFilter& filter, const std::vector<std::string>& regions) const;
    // identity.no_such_value
    Result<StoredValue> get_value(store::Session& session, IdentifierId id) const;
    // The first of those that hold it, by node.
    Result<std::vector<StoredHolder>> list_value_holders(
        store::Session& session, IdentifierId id, NodeId after, int limit) const;
    // In one transaction of the writer, which may be rolled back: that is a preview. nullopt: as the rules say.
    // identity.no_such_value, identity.same_state, identity.too_wide
    Result<ValueDecided> decide_value(store::Session& session, IdentifierId id, std::optional<ValueState> state,
        const Say& say, CustomerBook& book) const;

    // What a change of policy, or of the rules, has not reached yet; nullopt when nothing is left.
    Result<std::optional<SweepStep>> next_sweep(store::Session& session) const;
    // One step, with its cursor, in one transaction of the writer; whose nodes or facts changed.
    Result<std::vector<CustomerId>> sweep(
        store::Session& session, const SweepStep& step, const Say& say, CustomerBook& book) const;

    // Nodes that were resolved since the start: only components that something touched are.
    std::uint64_t resolved_nodes() const { return resolved_nodes_; }

  private:
    // A page after `after`, which moves on.
    Result<std::vector<Subject>> list_manual_subjects(store::Session& session, NodeKey& after) const;
    std::string digest_of(const IdentifierValue& identifier) const;
    Result<> settle(store::Session& session, const std::vector<NodeId>& touched, const Say& say, CustomerBook& book,
        Decided& decided) const;
    void note(const Written& written, Decided& decided) const;
    Result<> settle_values(store::Session& session, const std::vector<NodeId>& holders, const Say& say,
        CustomerBook& book, ValueDecided& decided) const;
    Result<StoredIdentifier> opened(const store::Row& row, int first_column) const;

    const access::Keys& keys_;
    const runtime::Clock& clock_;
    const std::unique_ptr<Memory> memory_;
    mutable std::atomic<std::uint64_t> resolved_nodes_{0};
};

} // namespace onefold::identity
