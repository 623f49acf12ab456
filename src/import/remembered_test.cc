#include "company/company.h"
#include "import/remembered.h"
#include "import/stored_import.h"
#include "object/object.h"
#include "testing/databases.h"
#include "testing/outside.h"

namespace onefold::import {
namespace {

constexpr SourceId shop{3}, other{4};

class RememberedTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override { database_ = open({change::schema(), company::schema(), object::schema(), schema()}); }
    struct Earlier {
        Kind kind = Kind::customer;
        std::string map;
        SourceId source = shop;
        State state = State::finished;
        std::int64_t created = 1;
        bool is_dry = false;
    };
    void add(const Earlier& earlier) {
        const auto added = database_->write([&](store::Session& session) -> Result<> {
            QueuedImport queued;
            queued.map = boost::json::parse(earlier.map);
            queued.import.kind = earlier.kind;
            queued.import.source = earlier.source;
            queued.import.is_dry = earlier.is_dry;
            queued.import.id = TRY(insert(session, queued));
            queued.import.state = earlier.state;
            queued.import.counts.created = earlier.created;
            return update(session, queued.import);
        });
        ASSERT_TRUE(added) << added.error().message.in("en");
    }
    // The kind and the map that a file with this header is imported by.
    std::string found(const std::string& header) {
        const std::string path = folder_.file("a.csv");
        EXPECT_TRUE(outside_.files->replace(path, header + "\n"));
        const auto open_file = [](const std::string& file, const sheet::Choice& choice) {
            return sheet::open(file, choice);
        };
        const auto remembered = find_remembered(*database_, open_file, path, shop);
        EXPECT_TRUE(remembered) << remembered.error().message.in("en");
        if (!remembered || !*remembered)
            return "none";
        return fmt::format("{} {}", to_string((*remembered)->kind), boost::json::serialize((*remembered)->map));
    }
    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(RememberedTest);

const std::string people = R"({"identifiers":{"mail":"email"},"fields":{"who":"name"}})",
                  orders = R"({"identifiers":{"mail":"email"},"order":{"number":"no","time":"at"}})",
                  tickets = R"({"identifiers":{"mail":"email"},"ticket":{"number":"no","time":"at"}})";

TEST_P(RememberedTest, TheMapThatSpeaksOfMostColumnsIsTakenWhateverCameLast) {
    add({Kind::order, orders});
    add({Kind::customer, people});
    EXPECT_EQ(found("mail,who,no,at"), "order " + orders) << "an orders file is not taken for customers";
    EXPECT_EQ(found("mail,who"), "customer " + people);
    EXPECT_EQ(found("mail,city"), "none");
}

TEST_P(RememberedTest, TheNewestOfEqualOnesIsTakenAndNoneWhereTheyAreOfTwoKinds) {
    const std::string newer = R"({"identifiers":{"mail":"email"},"fields":{"who":"company"}})";
    add({Kind::customer, people});
    add({Kind::customer, newer});
    EXPECT_EQ(found("mail,who"), "customer " + newer);
    add({Kind::order, orders});
    add({Kind::ticket, tickets});
    EXPECT_EQ(found("mail,no,at"), "none");
}

TEST_P(RememberedTest, OnlyWhatCameInAndStayedIsRemembered) {
    add({.map = people, .source = other});
    add({.map = people, .state = State::failed});
    add({.map = people, .state = State::cancelled});
    add({.map = people, .created = 0});
    add({.map = people, .is_dry = true});
    EXPECT_EQ(found("mail,who"), "none");
    add({.map = people});
    EXPECT_EQ(found("mail,who"), "customer " + people);
}

} // namespace
} // namespace onefold::import
