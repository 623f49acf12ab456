// What rows say of their customers.
#include "import/dry_run.h"
#include "import/job.h"
#include "object/shipped.h"

namespace onefold::import {
namespace {

constexpr std::size_t unseen_claims_max = 24;

// The first eight bytes of a digest.
std::uint64_t number_of(const std::string& digest) {
    std::uint64_t number = 0;
    std::memcpy(&number, digest.data(), sizeof number);
    return number;
}

bool has_facts(
    const identity::Identity::FoundNode& node, const std::vector<std::pair<std::string, std::string>>& facts) {
    return std::ranges::all_of(facts, [&](const auto& said) {
        const FieldId field = object::find_golden_field(said.first)->id;
        return std::ranges::any_of(
            node.facts, [&](const identity::Fact& fact) { return fact.field == field && fact.value == said.second; });
    });
}

// What a row says of its customers; of them only, since their claim has no time yet.
std::string content_of(const customer::ImportedMessage& message) {
    return customer::payload_of(message);
}

// What the drafts of one batch say of whom: a later row that is known already must still be said after an earlier one
// that says otherwise.
class Spoken {
  public:
    bool contradicts(const customer::ImportedMessage& message) const {
        return differs({message.subject_kind, message.subject_key}, message.facts) ||
               (message.organisation &&
                   differs({message.organisation->kind, message.organisation->key}, message.organisation->facts));
    }
    void add(const customer::ImportedMessage& message) {
        facts_[{message.subject_kind, message.subject_key}] = message.facts;
        if (const auto& organisation = message.organisation)
            facts_[{organisation->kind, organisation->key}] = organisation->facts;
    }

  private:
    using Place = std::pair<identity::NodeKind, std::string>;
    using Facts = std::vector<std::pair<std::string, std::string>>;
    bool differs(const Place& place, const Facts& facts) const {
        const auto found = facts_.find(place);
        return found != facts_.end() && found->second != facts;
    }
    std::map<Place, Facts> facts_;
};

} // namespace

struct Job::Candidate {
    std::size_t said;
    customer::ImportedMessage message;
    bool is_said_again = false;           // this file spoke of the subject before, in other words
    bool is_new = false;                  // set by are_known, as what follows
    CustomerId customer = {};             // whose it is until now
    std::vector<std::int64_t> nodes = {}; // of whom it speaks, as far as they are there
};

Result<std::vector<bool>> Job::are_known(store::Session& session, std::vector<Candidate>& candidates) const {
    std::vector<identity::Identity::NodeKey> keys;
    std::vector<const std::vector<identity::IdentifierValue>*> identifiers;
    std::vector<const std::vector<std::pair<std::string, std::string>>*> facts;
    for (const Candidate& candidate : candidates) {
        const auto& message = candidate.message;
        keys.push_back({source.id, message.subject_kind, message.subject_key});
        identifiers.push_back(&message.identifiers);
        facts.push_back(&message.facts);
    }
    std::vector<std::size_t> members; // whose organisations follow
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (const auto& organisation = candidates[i].message.organisation) {
            members.push_back(i);
            keys.push_back({source.id, organisation->kind, organisation->key});
            identifiers.push_back(&organisation->identifiers);
            facts.push_back(&organisation->facts);
        }
    const auto found = TRY(rooms.customers.identity().find_nodes(session, keys));
    const auto has_claims = TRY(rooms.customers.identity().have_claims(session, found, identifiers));
    std::vector<bool> known;
    for (std::size_t i = 0; i < keys.size(); ++i)
        known.push_back(found[i].customer && has_claims[i] && has_facts(found[i], *facts[i]));
    std::vector<identity::Membership> memberships;
    for (std::size_t i = 0; i < members.size(); ++i)
        memberships.push_back({found[members[i]].node, found[candidates.size() + i].node,
            candidates[members[i]].message.organisation->membership, candidates[members[i]].message.at, source.id});
    const auto is_member = TRY(identity::know_memberships(session, memberships));
    for (std::size_t i = 0; i < members.size(); ++i)
        known[members[i]] = known[members[i]] && known[candidates.size() + i] && is_member[i];
    known.resize(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i)
        std::tie(candidates[i].is_new, candidates[i].customer) = std::pair(!found[i].customer, found[i].customer);
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (found[i].node)
            candidates[i].nodes.push_back(found[i].node.value);
    for (std::size_t member = 0; member < members.size(); ++member)
        if (const NodeId organisation = found[candidates.size() + member].node)
            candidates[members[member]].nodes.push_back(organisation.value);
    return known;
}

Job::Spoke Job::note_said(const customer::ImportedMessage& message) {
    const auto content = number_of(rooms.keys.digest("import", content_of(message)));
    const std::string place = fmt::format("{}\n{}", identity::to_string(message.subject_kind), message.subject_key);
    auto [last, is_first] = last_said_.try_emplace(number_of(rooms.keys.digest("import", place)), content);
    if (is_first)
        return Spoke::first;
    return std::exchange(last->second, content) == content ? Spoke::alike : Spoke::otherwise;
}

Result<std::vector<object::Saved>> Job::claim(const std::vector<Said>& said, const BeforeAppend& before) {
    std::vector<object::Saved> saved(said.size(), object::Saved::unchanged);
    std::vector<Candidate> candidates;
    bool is_said_again = false; // of somebody of whom this file spoke before, so that it hangs on what is not seen yet
    for (std::size_t i = 0; i < said.size(); ++i) {
        const RowSubject& subject = *said[i].subject;
        if (subject.key.empty())
            continue;
        customer::ImportedMessage message{.subject_key = subject.key,
            .subject_kind = subject.kind,
            .identifiers = subject.identifiers,
            .facts = subject.facts,
            .organisation = subject.organisation};
        if (const auto& group = subject.organisation)
            is_said_again |= note_said({.subject_key = group->key,
                                 .subject_kind = group->kind,
                                 .identifiers = group->identifiers,
                                 .facts = group->facts}) == Spoke::otherwise;
        const Spoke spoke = note_said(message);
        if (spoke == Spoke::alike)
            continue;
        is_said_again |= spoke == Spoke::otherwise;
        message.at = said[i].at;
        candidates.push_back({i, std::move(message), spoke == Spoke::otherwise});
    }
    if (is_said_again)
        TRY(wait_for_claims());
    std::vector<event_log::Draft> drafts;
    std::vector<std::size_t> by; // the candidate of each draft
    std::vector<std::int64_t> known_nodes;
    TRY(rooms.database.read([&](store::Session& session) -> Result<> {
        const auto known = TRY(are_known(session, candidates));
        std::unordered_set<std::string_view> opened;
        Spoken spoken;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            const Candidate& candidate = candidates[i];
            if (known[i] && !spoken.contradicts(candidate.message)) {
                known_nodes.insert(known_nodes.end(), candidate.nodes.begin(), candidate.nodes.end());
                continue;
            }
            spoken.add(candidate.message);
            const bool is_new = candidate.is_new && opened.insert(said[candidate.said].subject->key).second &&
                                !(is_dry() && candidate.is_said_again);
            saved[candidate.said] = is_new ? object::Saved::created : object::Saved::updated;
            drafts.push_back({source.id, fmt::format("claim:{}:{}", file_digest_, said[candidate.said].line),
                event_log::FrameKind::claim, customer::payload_of(candidate.message)});
            by.push_back(i);
        }
        return tell_retracted_again(session, drafts);
    }));
    if (before)
        TRY(before(saved));
    if (is_dry()) {
        TRY(look_at(said, candidates, saved));
        return saved;
    }
    if (drafts.empty()) {
        TRY(note_known(Known::node, known_nodes));
        return saved;
    }
    std::vector<std::string> ids;
    for (const auto& draft : drafts)
        ids.push_back(draft.message_id);
    const auto appended = TRY(append(std::move(drafts)));
    for (std::size_t i = 0; i < by.size(); ++i) {
        if (appended.positions[i])
            continue;
        const Candidate& candidate = candidates[by[i]];
        saved[candidate.said] = object::Saved::unchanged;
        if (!was_appended(ids[i])) // an earlier import of this file said it
            known_nodes.insert(known_nodes.end(), candidate.nodes.begin(), candidate.nodes.end());
    }
    TRY(note_known(Known::node, known_nodes));
    unseen_.push_back(appended.end);
    if (unseen_.size() > unseen_claims_max) {
        TRY(wait_until_visible(unseen_.front()));
        unseen_.pop_front();
    }
    return saved;
}

Result<> Job::look_at(
    const std::vector<Said>& said, const std::vector<Candidate>& candidates, const std::vector<object::Saved>& saved) {
    std::vector<DryRun::News> news;
    for (const Candidate& candidate : candidates)
        if (saved[candidate.said] == object::Saved::created ||
            (saved[candidate.said] == object::Saved::updated && candidate.customer))
            news.push_back(
                {said[candidate.said].subject, said[candidate.said].line, said[candidate.said].at, candidate.customer});
    return dry_run_->look(news);
}

} // namespace onefold::import
