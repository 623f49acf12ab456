// The law of the intake: whatever the batches and whenever it is killed, the tables come out as those of one batch.
#include "customer/comparison.h"
#include "customer/customer_rig.h"
#include "customer/held_types.h"
#include "customer/summed_figures.h"

#include <cstdlib>
#include <random>

namespace onefold::customer {
namespace {

using Dice = std::mt19937_64;

// A database that now and then loses a transaction, or the answer to a commit.
class Unlucky : public store::Database {
  public:
    enum class Luck { good, loses_work, loses_answer };
    Unlucky(std::unique_ptr<store::Database> database, std::function<Luck()> luck)
        : database_(std::move(database)), luck_(std::move(luck)) {}
    store::Dialect dialect() const override { return database_->dialect(); }
    store::Activity activity() const override { return database_->activity(); }
    Result<> read_session(const std::function<Result<>(store::Session&)>& work) override {
        return database_->read_session(work);
    }
    Result<> write_session(const std::function<Result<>(store::Session&)>& work) override {
        const Luck luck = luck_();
        if (luck == Luck::loses_work)
            return database_->write_session([&](store::Session& session) -> Result<> {
                TRY(work(session));
                return lost();
            });
        TRY(database_->write_session(work));
        return luck == Luck::loses_answer ? lost() : Result<>{};
    }

  private:
    static Failure lost() { return fail(ErrorKind::unavailable, "store.unavailable", {"lost", "lost"}); }
    std::unique_ptr<store::Database> database_;
    std::function<Luck()> luck_;
};

// Of figures that are written behind: a node or two at a time.
constexpr Pace small_pieces{2, 1, 2, std::chrono::milliseconds{1}};

// What goes wrong once.
enum class Bug { none, batch_twice, batch_left_out };

class ReplayTest : public ::testing::Test {
  protected:
    struct House {
        std::unique_ptr<store::Database> database;
        std::unique_ptr<Customers> customers;
        std::unique_ptr<Taker> taker;
    };
    ReplayTest() {
        keys_ = std::move(*access::Keys::open(outside_.all, folder_.path()));
        settings_ = open_database("settings.db");
        sources_ = std::make_unique<source::Sources>(*settings_, *keys_, outside_.all);
        VERIFY(sources_->load());
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        web_ = sources_->create(caller, {"web", source::Kind::tracker, "", "", ""})->source.id;
        shop_ = sources_->create(caller, {"shop", source::Kind::file, "", "", ""})->source.id;
    }
    std::unique_ptr<store::Database> open_database(const std::string& name) {
        auto database = store::Database::open(
            folder_.file(name), {change::schema(), company::schema(), source::schema(), object::schema(),
                                    identity::schema(), timeline::schema(), survivorship::schema(), schema()});
        VERIFY(database);
        return std::move(*database);
    }
    void open_log(const std::string& name) {
        log_ = std::move(*event_log::EventLog::open(outside_.all, folder_.file(name)));
        timeline_ = std::move(*timeline::Timeline::open(
            outside_.all, folder_.file(name + "-timeline"), {"x", [this] { return log_->begin(); }}));
    }
    // As a start of the program does.
    House open_house(const std::string& name, std::function<Unlucky::Luck()> luck) {
        House house;
        house.database = std::make_unique<Unlucky>(open_database(name), std::move(luck));
        house.customers =
            std::make_unique<Customers>(*house.database, *keys_, outside_.all, *sources_, *log_, *timeline_);
        house.taker =
            std::make_unique<Taker>(*house.database, *log_, *sources_, *house.customers, outside_.clock, small_pieces);
        VERIFY(house.taker->begin(cursor(house)));
        return house;
    }
    Position cursor(House& house) {
        return house.database->read([](store::Session& session) { return Taker::cursor(session); })
            ->value_or(log_->begin());
    }
    House take_at_once(const std::string& name) {
        House house = open_house(name, [] { return Unlucky::Luck::good; });
        const auto batch = house.taker->read(log_->begin(), 1'000'000);
        VERIFY(batch && batch->next == log_->end());
        VERIFY(house.taker->take(*batch));
        return house;
    }
    House take_in_pieces(const std::string& name, Dice& dice, Bug bug);
    void expect_all_shown(House& house);

    std::string random_message(Dice& dice, std::string& time);
    void write_history(Dice& dice, int events);

    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<store::Database> settings_;
    std::unique_ptr<source::Sources> sources_;
    std::unique_ptr<event_log::EventLog> log_;
    std::unique_ptr<timeline::Timeline> timeline_;
    SourceId web_, shop_;
    int kills_ = 0, kills_in_sweep_ = 0, lost_answers_ = 0, batches_ = 0;
};

int below(Dice& dice, int most) {
    return std::uniform_int_distribution<int>(0, most - 1)(dice);
}

// Few people with many browsers between them, and clocks that do not agree.
std::string ReplayTest::random_message(Dice& dice, std::string& time) {
    if (time.empty() || below(dice, 8) > 0) // else said again at the same time
        time = to_rfc3339(*parse_rfc3339("2025-05-01T00:00:00Z") + std::chrono::seconds{below(dice, 40 * 86'400)});
    boost::json::object json{{"timestamp", time}};
    if (below(dice, 4) > 0)
        json["userId"] = fmt::format("u{}", below(dice, 5));
    if (below(dice, 3) > 0 || !json.contains("userId"))
        json["anonymousId"] = fmt::format("b{}", below(dice, 6));
    boost::json::object traits;
    if (below(dice, 3) == 0)
        traits["email"] = fmt::format("e{}@example.com", below(dice, 4));
    if (below(dice, 4) == 0)
        traits["phone"] = fmt::format("1391234567{}", below(dice, 3));
    if (below(dice, 2) == 0)
        traits["name"] = fmt::format("Name {}", below(dice, 5));
    json["context"] = boost::json::object{{"active", below(dice, 3) > 0}};
    switch (below(dice, 9)) {
    case 0:
    case 1:
    case 2:
        json["type"] = "identify";
        json["traits"] = std::move(traits);
        break;
    case 3:
        json["type"] = "alias";
        json["userId"] = fmt::format("u{}", below(dice, 5));
        json["previousId"] = below(dice, 2) ? fmt::format("b{}", below(dice, 6)) : fmt::format("u{}", below(dice, 5));
        break;
    case 4:
        json["type"] = "group";
        json["groupId"] = fmt::format("g{}", below(dice, 2));
        json["traits"] = boost::json::object{
            {"name", fmt::format("Group {}", below(dice, 3))}, {"role", fmt::format("role {}", below(dice, 3))}};
        break;
    case 5: {
        const char* names[]{"Order Completed", "Order Updated", "Order Refunded", "Order Cancelled"};
        json["type"] = "track";
        json["event"] = names[below(dice, 4)];
        boost::json::object properties{{"total", below(dice, 50)}};
        if (below(dice, 5) > 0)
            properties["order_id"] = fmt::format("o{}", below(dice, 4));
        if (below(dice, 2) == 0)
            properties["products"] = boost::json::array{
                {{"sku", fmt::format("s{}", below(dice, 3))}, {"quantity", 1 + below(dice, 3)}, {"price", 7}}};
        json["properties"] = std::move(properties);
        break;
    }
    case 6: {
        const auto property = [&]() -> boost::json::object {
            switch (below(dice, 5)) {
            case 0:
                return {{"type", "email"}, {"value", fmt::format("e{}@example.com", below(dice, 4))}};
            case 1:
                return {{"type", "mobile"}, {"value", fmt::format("1391234567{}", below(dice, 3))}};
            case 2:
                return {{"type", "user_id"}, {"value", fmt::format("u{}", below(dice, 5))}};
            case 3:
                return {{"type", "anonymousId"}, {"value", fmt::format("b{}", below(dice, 6))}};
            default:
                return {{"type", "shoe_size"}, {"value", "43"}};
            }
        };
        json["type"] = "merge";
        if (below(dice, 2) == 0) {
            json.erase("userId");
            json.erase("anonymousId");
        }
        json["mergeProperties"] = boost::json::array{property(), property()};
        break;
    }
    default:
        json["type"] = below(dice, 2) ? "track" : "page";
        json["event"] = "Viewed";
        json["context"].as_object()["traits"] = std::move(traits);
    }
    return boost::json::serialize(json);
}

// Whom nothing joins with others, so that nothing but events moves their figures.
std::string of_somebody_alone(Dice& dice) {
    const Instant at = *parse_rfc3339("2025-05-01T00:00:00Z") + std::chrono::seconds{below(dice, 40 * 86'400)};
    return boost::json::serialize(
        boost::json::object{{"type", "track"}, {"event", "Viewed"}, {"userId", fmt::format("alone{}", below(dice, 6))},
            {"timestamp", to_rfc3339(at)}, {"context", boost::json::object{{"active", below(dice, 2) == 0}}}});
}

void ReplayTest::write_history(Dice& dice, int events) {
    std::string time;
    std::vector<event_log::Draft> drafts;
    for (int i = 0; i < events; ++i) {
        const std::string message_id = fmt::format("m{}", below(dice, 12) == 0 && i > 0 ? below(dice, i) : i);
        if (below(dice, 4) > 0) {
            drafts.push_back({web_, message_id, event_log::FrameKind::event,
                below(dice, 5) == 0 ? of_somebody_alone(dice) : random_message(dice, time)});
            continue;
        }
        ImportedMessage said;
        const bool is_claim = below(dice, 3) > 0;
        const std::string member = std::to_string(below(dice, 4));
        said.kind = is_claim ? "claim" : "track";
        said.name = is_claim ? "" : "Opened";
        said.subject_key = "member_no@shop:" + member;
        said.identifiers = {{identity::find_identifier_type("member_no"), "shop", member, false}};
        if (below(dice, 2) == 0)
            said.identifiers.push_back(
                {identity::find_identifier_type("email"), "", fmt::format("e{}@example.com", below(dice, 4)), false});
        if (below(dice, 3) == 0)
            said.identifiers.push_back(
                {identity::find_identifier_type("phone"), "", fmt::format("+861391234567{}", below(dice, 3)), false});
        said.facts = {{"name", fmt::format("Member {}", below(dice, 3))}};
        said.at = *parse_rfc3339("2025-05-01T00:00:00Z") + std::chrono::seconds{below(dice, 40 * 86'400)};
        drafts.push_back({shop_, message_id, is_claim ? event_log::FrameKind::claim : event_log::FrameKind::imported,
            payload_of(said)});
    }
    VERIFY(log_->append_and_wait(std::move(drafts)));
}

// Claims are not counted, so nobody sees that they were taken twice.
std::int64_t events_in(const Taker::Batch& batch) {
    return std::ranges::count_if(batch.parts, [&](const Taker::Part& part) {
        return part.role == Taker::Part::Role::subject && batch.kinds[part.frame] != event_log::FrameKind::claim;
    });
}

std::int64_t number(store::Database& database, std::string_view sql) {
    return database.read([&](store::Session& session) { return session.find_integer(sql); })->value_or(0);
}

// What the log says and what the tables and the memory say together of how many events there were.
void ReplayTest::expect_all_shown(House& house) {
    const auto batch = house.taker->read(log_->begin(), 1'000'000, cursor(house));
    VERIFY(batch);
    const auto said = events_in(*batch);
    const auto shown = house.database->read([&](store::Session& session) -> Result<std::int64_t> {
        std::vector<NodeId> nodes;
        TRY(session.each("SELECT id FROM node", {}, [&](const store::Row& row) -> Result<> {
            nodes.push_back(NodeId{row.integer(0)});
            return {};
        }));
        const auto written =
            TRY(session.find_integer("SELECT CAST(SUM(event_count) AS BIGINT) FROM node_activity")).value_or(0);
        return written + house.customers->activity().missing(nodes, TRY(Taker::written(session))).count;
    });
    EXPECT_EQ(*shown, said);
}

// Batches of any size; the process dies, or a transaction or only its answer gets lost, and it goes on from the cursor.
ReplayTest::House ReplayTest::take_in_pieces(const std::string& name, Dice& dice, Bug bug) {
    Unlucky::Luck next = Unlucky::Luck::good;
    const bool is_sound = bug == Bug::none;
    const auto luck = [&next] { return std::exchange(next, Unlucky::Luck::good); };
    House house = open_house(name, luck);
    for (;;) {
        const Position from = cursor(house);
        if (from >= log_->end())
            break;
        auto batch = house.taker->read(from, std::size_t(1 + below(dice, 12)));
        VERIFY(batch);
        const int fate = below(dice, 6);
        next = fate == 0 ? Unlucky::Luck::loses_work : fate == 1 ? Unlucky::Luck::loses_answer : Unlucky::Luck::good;
        const auto taken = house.taker->take(*batch, below(dice, 2) == 0 ? Figures::spread : Figures::soon);
        EXPECT_EQ(taken.has_value(), fate > 1);
        ++batches_;
        lost_answers_ += fate == 1;
        if (fate == 1 && below(dice, 2) == 0) { // the same batch once more, as the reader does
            const auto again = house.taker->take(*batch);
            EXPECT_TRUE(again && again->was_taken && again->next == batch->next);
        }
        const bool is_telling = bug == Bug::batch_twice ? events_in(*batch) > 0 : batch->next < log_->end();
        if (bug != Bug::none && taken && is_telling) {
            VERIFY(house.taker->settle()); // what is in memory alone would be counted anew
            const Position planted = bug == Bug::batch_twice ? batch->from : log_->end();
            VERIFY(house.database->write([&](store::Session& session) -> Result<> {
                TRY(session.execute("UPDATE intake_cursor SET position = $1", {planted.value}));
                return {};
            }));
            if (bug == Bug::batch_twice)
                VERIFY(house.taker->take(*batch));
            bug = Bug::none;
        }
        if (taken && below(dice, 3) == 0)
            EXPECT_TRUE(house.taker->settle_piece());
        if (taken && is_sound) {
            expect_all_shown(house);
            EXPECT_EQ(wrong_figures(*house.database), "");
        }
        if (below(dice, 4) == 0) {
            ++kills_;
            kills_in_sweep_ += house.customers->activity().written().swept_to != NodeId{};
            house = {};
            house = open_house(name, luck);
        }
    }
    House calm = {};
    house = {};
    calm = open_house(name, [] { return Unlucky::Luck::good; });
    VERIFY(calm.taker->settle());
    return calm;
}

// Evidence that pulls both ways: equal identifiers that do not join, or a join that later evidence ended.
bool has_conflict(store::Database& database) {
    return number(database, "SELECT COUNT(*) FROM link WHERE ended_at IS NOT NULL") +
               number(database, "SELECT COUNT(*) FROM claim a JOIN claim b ON b.identifier_id = a.identifier_id JOIN "
                                "identifier i ON i.id = a.identifier_id JOIN node x ON x.id = a.node_id JOIN node y ON "
                                "y.id = b.node_id WHERE i.state = 'open' AND x.kind = y.kind AND x.customer_id < "
                                "y.customer_id") >
           0;
}

Comparison compare(const ComparedRooms& rooms, store::Database& a, store::Database& b) {
    auto compared = a.read([&](store::Session& left) {
        return b.read([&](store::Session& right) {
            return compare_customers(rooms, left, right, []() -> Result<> { return {}; });
        });
    });
    VERIFY(compared);
    return std::move(*compared);
}

std::string words(const Comparison& comparison) {
    std::string all;
    for (const Difference& one : comparison.first_differences)
        all += fmt::format(
            "{} [{}] {}: {} / {}\n", one.what, one.key, one.field, one.live.value_or("-"), one.rebuilt.value_or("-"));
    return all;
}

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST_F(ReplayTest, BatchesAndKillsDoNotChangeWhatComesOut) {
    const std::uint64_t seed = number_in("ONEFOLD_SEED", 1), cases = number_in("ONEFOLD_REPLAYS", 40);
    std::uint64_t conflicts = 0;
    std::int64_t compared = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        Dice dice(seed * 1'000'003 + i);
        open_log(fmt::format("log{}", i));
        write_history(dice, 10 + below(dice, 90));
        House at_once = take_at_once(fmt::format("once{}.db", i));
        House in_pieces = take_in_pieces(fmt::format("pieces{}.db", i), dice, Bug::none);
        const Comparison comparison = compare({*keys_, *sources_}, *in_pieces.database, *at_once.database);
        EXPECT_EQ(comparison.differences, 0) << "seed " << seed << ", case " << i << "\n" << words(comparison);
        EXPECT_EQ(wrong_types(*in_pieces.database), "") << "seed " << seed << ", case " << i;
        EXPECT_EQ(wrong_types(*at_once.database), "") << "seed " << seed << ", case " << i;
        for (const auto& count : comparison.counts)
            compared += count.live;
        conflicts += has_conflict(*in_pieces.database);
    }
    fmt::print("replay: seed {}: {} histories, {} with a conflict; {} batches, {} kills, {} of them in the middle of a "
               "sweep; {} lost answers; {} things compared\n",
        seed, cases, conflicts, batches_, kills_, kills_in_sweep_, lost_answers_, compared);
    EXPECT_GE(conflicts * 5, cases) << "too few conflicts to prove anything";
    EXPECT_GT(kills_in_sweep_, 0);
    EXPECT_GT(lost_answers_, 0);
}

// The test above can fail.
TEST_F(ReplayTest, ABatchThatCountsTwiceOrNotAtAllIsFound) {
    int found = 0, cases = 0;
    for (const Bug bug : {Bug::batch_twice, Bug::batch_left_out})
        for (std::uint64_t i = 0; i < 5; ++i, ++cases) {
            Dice dice(7'000 + i);
            open_log(fmt::format("log{}", cases));
            write_history(dice, 60);
            House at_once = take_at_once(fmt::format("once{}.db", cases));
            House in_pieces = take_in_pieces(fmt::format("pieces{}.db", cases), dice, bug);
            found += compare({*keys_, *sources_}, *in_pieces.database, *at_once.database).differences > 0;
        }
    EXPECT_EQ(found, cases);
    fmt::print("replay: {} of {} planted bugs found\n", found, cases);
}

} // namespace
} // namespace onefold::customer
