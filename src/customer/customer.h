#pragma once
// What we know of a customer: the golden record, its figures, its timeline and where all of it came from.
#include "access/keys.h"
#include "change/change.h"
#include "core/caller.h"
#include "customer/activity.h"
#include "event_log/event_log.h"
#include "http/contract.h"
#include "identity/identity.h"
#include "identity/membership.h"
#include "note/note.h"
#include "object/record.h"
#include "query/query.h"
#include "source/source.h"
#include "store/store.h"
#include "survivorship/survivorship.h"
#include "timeline/timeline.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::customer {

const store::Schema& schema();

// Opens, joins and revives customers' rows for `identity`.
class Book : public identity::CustomerBook {
  public:
    Result<std::vector<CustomerId>> open(
        store::Session& session, const std::vector<identity::NodeKind>& kinds) override;
    Result<std::vector<CustomerId>> reserve( // for Customers::introduce
        store::Session& session, const std::vector<identity::NodeKind>& kinds) override;
    Result<> move(store::Session& session, const std::vector<Move>& moves) override;

  private:
    std::int64_t last_ = 0; // SQLite's; it gives ids by the rows that are there
};

struct Spend {
    std::string currency, amount;
};
// Over all that happened: events of the log, orders, tickets.
struct Computed {
    std::optional<Instant> first_seen_at, last_seen_at;
    std::optional<Instant> last_purchase_at; // of the newest order that is no credit
    std::int64_t event_count = 0, order_count = 0, ticket_count = 0;
    std::string total_spend = "0"; // exact; in `currency`
    std::string currency;
    std::vector<Spend> unconverted; // orders in other currencies, for which no rate is known
};
struct Customer {
    CustomerId id;
    std::string kind, state;
    std::optional<CustomerId> merged_into;
    std::int64_t version = 0;
    boost::json::object fields; // golden values by field code, blank ones left out
    Computed computed;
    std::vector<identity::StoredIdentifier> identifiers;
};

struct Listing {
    std::optional<std::string> identifier; // "type[@scope]:value"
    std::optional<formula::Expression> filter;
    std::vector<query::Sort> sort;
    query::Page page;
};
struct CustomerPage {
    std::vector<Customer> items;
    std::string next;
};

// Of an organisation or a household: what is its own, or with what its members did while they were members.
enum class Of { own, with_members };

// A note's properties are its id, text, is_pinned, by, and where there are: by_name, edited_at. Of an organisation with
// its members only its own notes are there.
struct TimelineItem {
    Instant at;
    std::string kind, name, source;   // of a note: "note", "", ""
    std::optional<Position> position; // of events
    boost::json::object properties;
    CustomerId member;       // whose it is, 0: the customer's own
    std::string member_name; // "" where it has none
};
struct TimelinePage {
    std::vector<TimelineItem> items;
    std::string next;
    bool is_rebuilding = false; // events may be missing for the moment
};
struct TimelineFilter {
    std::vector<std::string> kinds;   // "order", "ticket", "note" and the kinds of events; all where empty
    std::vector<std::string> sources; // names; all where empty; a note has none
    std::optional<std::string> name;  // of events, exactly; orders, tickets and notes have none
    std::optional<Instant> from, to;  // from ≤ at < to
    Of of = Of::own;
};
// What there is to filter by, with how often it occurs, most first.
struct TimelineFacets {
    struct Count {
        std::string value;
        std::int64_t count = 0;
    };
    struct NameCount {
        std::string kind, name;
        std::int64_t count = 0;
    };
    std::vector<Count> kinds, sources;
    std::vector<NameCount> names; // of events; the most frequent
    bool is_rebuilding = false;
};

// The other side of a membership: of a person its organisations, of an organisation its members. Who said it of
// several, the newest stands, and what people say goes before what sources say.
struct Membership {
    CustomerId customer;
    std::string kind, name;
    identity::MembershipWords words;
    std::optional<Instant> known_since; // the earliest that anybody said it
    std::string source;                 // the first that says it
    bool is_by_hand = false;            // a person said something of it
    Computed computed;                  // of the other side, with all it did
};
struct MembershipListing {
    int limit = 50;
    std::string after, sort;
    CustomerId only; // on the other side, 0: all
};
struct MembershipPage {
    std::vector<Membership> items;
    std::string next;
};
// A customer's own figures and those of its members, while they were members where that is known; each person once.
struct WithMembers {
    Computed computed;
    std::int64_t member_count = 0;
};

// Whether it is done, or only shown what would become of it.
enum class Doing { really, preview };

// What people decided about who is who, and what became of the customers.
struct DecisionPart {
    Customer customer; // id 0: one that would be opened
    std::vector<NodeId> nodes;
};
struct DecisionOutcome {
    identity::DecisionId decision; // 0 of a preview
    identity::DecisionKind kind = identity::DecisionKind::merge;
    std::vector<DecisionPart> parts; // the oldest customer first; one where they are one
};
struct MergeRequest {
    CustomerId customer, other;
    std::map<std::string, std::string> values; // chosen, by the field's code; they stand while the merge does
};
struct KeepApartRequest {
    CustomerId customer, other;
    std::string reason;
};
// What else happens in the transaction of a decision: `before` may refuse it.
struct Alongside {
    std::function<Result<>(store::Session& session)> before;
    std::function<Result<std::vector<change::Entry>>(
        store::Session& session, const change::Author& author, identity::DecisionId decision)>
        after;
};
struct UnmergeRequest {
    CustomerId customer;
    std::vector<NodeId> nodes; // that do not belong here
    std::string reason;
};
struct DecisionPage {
    std::vector<identity::StoredDecision> items;
    std::string next;
    std::map<std::string, std::string> names; // of the people who decided, by principal
};

struct NoteListing {
    note::NotePage page;
    std::map<std::string, std::string> names; // of the people who wrote, by principal
};

struct EditRequest;
struct Origins;
struct FieldHistory;
struct RulesPreview;

class Customers {
  public:
    Customers(store::Database& database, const access::Keys& keys, const runtime::Outside& outside,
        const source::Sources& sources, const event_log::EventLog& log, const timeline::Timeline& timeline);

    // customer.no_such_customer; a merged one answers with `merged_into`.
    Result<Customer> get(CustomerId id) const;
    Result<boost::json::object> get_provenance(CustomerId id) const;
    Result<CustomerPage> list(const Listing& listing) const;
    // Newest first; events, orders and tickets. `after` is the `next` of the page before. customer.unknown_kind,
    // customer.unknown_source, customer.bad_period, customer.bad_page.
    Result<TimelinePage> timeline(
        CustomerId id, int limit, const std::string& after, const TimelineFilter& filter = {}) const;
    Result<TimelineFacets> timeline_facets(CustomerId id, Of of = Of::own) const;
    Result<identity::Lineage> lineage(CustomerId id) const;
    // Each customer on the other side once, by id, or by one of `membership_sorts`, descending with "-" before it.
    // customer.bad_cursor, customer.bad_sort
    Result<MembershipPage> memberships(
        CustomerId id, int limit, const std::string& after, const std::string& sort = "") const;
    Result<Membership> get_membership(CustomerId id, CustomerId other) const; // customer.no_such_membership
    Result<WithMembers> with_members(CustomerId id) const;
    // By hand, in whichever order the two are named. Words that are left out are as sources say them.
    // customer.no_membership_between, customer.bad_membership
    Result<> put_membership(
        const Caller& caller, CustomerId id, CustomerId other, const identity::MembershipWords& words) const;
    // They never were a member, whatever sources say. customer.no_such_membership
    Result<> delete_membership(const Caller& caller, CustomerId id, CustomerId other) const;

    // Each is one transaction with the golden records, the figures and the change rows that follow from it.
    // customer.no_such_customer, customer.unknown_field, customer.bad_value and the errors of identity.
    Result<DecisionOutcome> merge(
        const Caller& caller, const MergeRequest& request, Doing doing, const Alongside& also = {}) const;
    Result<DecisionOutcome> keep_apart(
        const Caller& caller, const KeepApartRequest& request, const Alongside& also = {}) const;
    Result<DecisionOutcome> unmerge(const Caller& caller, const UnmergeRequest& request, Doing doing) const;
    Result<DecisionOutcome> undo(const Caller& caller, identity::DecisionId decision) const;
    // Those that speak of the customer's records, the newest first. customer.bad_cursor
    Result<DecisionPage> list_decisions(CustomerId id, int limit, const std::string& after) const;
    // The shortest chain of evidence from one record to the other. customer.no_such_record
    Result<std::vector<identity::StoredLink>> why(CustomerId id, NodeId a, NodeId b) const;

    // Notes on the customer's nodes; a new one stands on its anchor node. customer.no_such_customer and the errors of
    // note.
    Result<NoteListing> list_notes(CustomerId id, int limit, const std::string& after) const;
    Result<note::Note> create_note(const Caller& caller, CustomerId id, const note::Draft& draft) const;
    // Called after somebody wrote, changed, deleted or restored a note by its routes; set before they are served.
    void when_noted(std::function<void()> call) { when_noted_ = std::move(call); }

    // What people say of single fields and identifiers (edit.h). customer.version_changed, customer.not_living,
    // customer.unknown_field, customer.bad_value, customer.nothing_to_verify, customer.no_such_identifier.
    Result<Customer> edit(const Caller& caller, const EditRequest& request) const;
    Result<Origins> origins(CustomerId id) const;
    // customer.unknown_field
    Result<FieldHistory> history(CustomerId id, const std::string& code) const;
    Result<RulesPreview> preview_rules(const survivorship::Policy& policy) const;

    // Golden records and conflicts, by the rules and trusts of now; answers whose values are others now, in order.
    Result<std::vector<CustomerId>> refresh_golden(
        store::Session& session, const std::vector<CustomerId>& customers) const;
    // Folds facts and sums activity anew; inside the transaction that changed what they derive from.
    Result<> refresh(store::Session& session, const std::vector<CustomerId>& customers) const;
    // The same after a batch: figures only of those who were regrouped.
    Result<> refresh(store::Session& session, const identity::Absorbed& absorbed) const;
    // Adds what events say to the figures of their nodes and of those nodes' customers, but of those who were regrouped
    // and are to be refreshed.
    Result<> add_events(store::Session& session, const SortedSums& sums, const identity::Absorbed& absorbed) const;
    // The cheap way for new customers of one node, to whom nothing belongs yet.
    Result<> introduce(store::Session& session, const std::vector<identity::Absorbed::Opened>& opened) const;
    // The same for figures alone, after records of these nodes changed.
    Result<> refresh_activity_of(store::Session& session, const std::vector<NodeId>& nodes) const;

    // Takes back what sources said of nodes, but for what `remaining`, in the log's order, says of them, and what
    // follows from it for customers, with change rows; inside a transaction. All that was taken back lies before where
    // the log was taken up, figures included.
    struct Withdrawal {
        std::vector<NodeId> nodes;
        std::vector<event_log::Frame> remaining;
    };
    // The customers of whom nothing remains: they are `withdrawn`, in no list, and live again when a record of theirs
    // is told again.
    Result<std::vector<CustomerId>> withdraw(
        store::Session& session, const change::Author& author, const Withdrawal& withdrawal) const;

    const identity::Identity& identity() const { return identity_; }
    Activity& activity() const { return *activity_; }
    void add_routes(http::Contract& contract);

  private:
    using Decide =
        std::function<Result<identity::Decided>(store::Session& session, const identity::Say& say, Book& book)>;
    Result<DecisionOutcome> decide(
        const Caller& caller, std::string reason, Doing doing, const Decide& verb, const Alongside& also = {}) const;
    Result<Customer> read(store::Session& session, CustomerId id) const;
    void add_decision_routes(http::Contract& contract);
    void add_membership_routes(http::Contract& contract);
    void add_golden_routes(http::Contract& contract);
    void add_note_routes(http::Contract& contract);
    void add_event_routes(http::Contract& contract);
    void add_interest_routes(http::Contract& contract);
    void add_survivorship_routes(http::Contract& contract);
    Result<> check_identifiers(store::Session& session, const EditRequest& request, const identity::Say& say,
        std::vector<change::Entry>& entries) const;
    Result<MembershipPage> list_memberships(
        store::Session& session, CustomerId customer, const MembershipListing& listing) const;
    Result<Computed> own_figures(store::Session& session, CustomerId id) const; // of a living one
    survivorship::Trust trust() const;
    Result<> refresh_activity(store::Session& session, const std::vector<CustomerId>& customers) const;
    Result<CustomerId> living(store::Session& session, CustomerId id) const;
    std::string source_name(SourceId id) const;
    Result<> add_what_is_not_written(store::Session& session, std::vector<Customer>& customers) const;

    store::Database& database_;
    const access::Keys& keys_;
    const runtime::Outside& outside_;
    const source::Sources& sources_;
    const event_log::EventLog& log_;
    const timeline::Timeline& timeline_;
    identity::Identity identity_;
    std::function<void()> when_noted_ = [] {};
    const std::unique_ptr<Activity> activity_ = std::make_unique<Activity>();
};

} // namespace onefold::customer
