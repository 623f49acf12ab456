// What people said of memberships, carried into another database, where the same nodes have other ids.
#include "identity/identity.h"
#include "identity/membership.h"
#include "source/source.h"

namespace onefold::identity {

Result<> copy_memberships(const Identity& identity, store::Session& from, store::Session& to) {
    std::vector<Identity::NodeKey> keys;
    std::vector<HandMembership> said;
    TRY(from.each("SELECT p.source_id, p.kind, p.subject_key, o.source_id, o.kind, o.subject_key, m.said_at, "
                  "m.is_removed, m.role, m.title, m.decision_maker_at, m.is_decision_maker, m.stated_from, m.valid_to "
                  "FROM membership m JOIN node p ON p.id = m.person_node JOIN node o ON o.id = m.organisation_node "
                  "WHERE m.source_id = $1 ORDER BY m.id",
        {source::manual.value}, [&](const store::Row& row) -> Result<> {
            for (const int column : {0, 3})
                keys.push_back({SourceId{row.integer(column)}, kind_named(row.text(column + 1)),
                    std::string(row.text(column + 2))});
            HandMembership hand{{}, {}, std::nullopt, instant_of(row.integer(6))};
            if (row.integer(7) == 0) {
                MembershipWords& words = hand.words.emplace();
                words.role = row.text(8);
                words.title = row.text(9);
                if (row.integer(10) != 0)
                    words.is_decision_maker = row.integer(11) != 0;
                for (const auto& [column, at] : {std::pair(12, &words.valid_from), std::pair(13, &words.valid_to)})
                    if (!row.is_null(column))
                        *at = instant_of(row.integer(column));
            }
            said.push_back(std::move(hand));
            return {};
        }));
    const auto nodes = TRY(identity.find_node_ids(to, keys));
    for (std::size_t i = 0; i < said.size(); ++i) {
        said[i].person = nodes[2 * i];
        said[i].organisation = nodes[2 * i + 1];
        if (said[i].person && said[i].organisation)
            TRY(put_membership(to, said[i]));
    }
    return {};
}

} // namespace onefold::identity
