// What an earlier release stored, after the migrations of this one.
#include "identity/identity_rig.h"

namespace onefold::identity {
namespace {

class Migration : public testing::OnBothDatabases {};
ON_BOTH_DATABASES(Migration);

constexpr std::size_t migrations_before_policies = 3;

TEST_P(Migration, CardNumbersGoAndWhatIsClosedTellsWhy) {
    store::Schema before = schema();
    before.migrations.resize(migrations_before_policies);
    ASSERT_TRUE(open({before})->write([](store::Session& session) -> Result<> {
        for (const auto& [type, state] :
            {std::pair("id_card", "open"), std::pair("phone", "blocked"), std::pair("email", "shared")})
            TRY(session.execute("INSERT INTO identifier (type, scope, digest, sealed_value, state) VALUES ($1, '', $2, "
                                "$3, $4)",
                {std::string(type), store::Blob{std::string("digest of ") + type}, store::Blob{"sealed"},
                    std::string(state)}));
        TRY(session.execute("INSERT INTO claim (node_id, identifier_id, first_at, last_at, verified, cause) VALUES (1, "
                            "2, 7000000, 8000000, 0, 'log:1')"));
        return {};
    }));
    const auto seen = open({schema()})->read([](store::Session& session) -> Result<std::string> {
        std::string text;
        TRY(session.each("SELECT i.type, i.sealed_value, s.state, s.cause, s.made_by, s.at FROM identifier i LEFT JOIN "
                         "identifier_state s ON s.identifier_id = i.id AND s.ended_at IS NULL ORDER BY i.id",
            {}, [&](const store::Row& row) -> Result<> {
                text += fmt::format("{}:{}:{}:{}:{}:{} ", row.text(0), row.blob(1), row.text(2), row.text(3),
                    row.text(4), row.integer(5));
                return {};
            }));
        return text;
    });
    ASSERT_TRUE(seen);
    EXPECT_EQ(*seen, "id_card:::::0 phone:sealed:blocked:placeholder:system:7000000 "
                     "email:sealed:shared:too_wide:system:0 ");
    const auto claim = open({schema()})->read([](store::Session& session) {
        return session.find(
            "SELECT node_id, identifier_id, first_at, verified, cause FROM claim", {}, [](const store::Row& row) {
                return fmt::format(
                    "{} {} {} {} {}", row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.text(4));
            });
    });
    ASSERT_TRUE(claim && *claim);
    EXPECT_EQ(**claim, "1 2 7000000 0 log:1");
}

} // namespace
} // namespace onefold::identity
