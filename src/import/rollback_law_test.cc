// Whatever came in beside it: after a roll-back everything is as if the import had never happened, but for what was
// changed or used since.
#include "import/rollback_world_test.h"
#include "testing/postgres.h"

#include <cstdlib>
#include <random>

namespace onefold::import {
namespace {

struct Step {
    enum class What { message, message_of_shop, file, edit } what = What::message;
    Kind kind = Kind::customer;
    std::string text; // a payload, a file, or whom somebody edits
};

constexpr const char* map_of_people =
    R"({"identifiers":{"member":"member_no","phone":"phone","email":"email"},"fields":{"name":"name","city":"city"}})";
constexpr const char* map_of_firms =
    R"({"organisation":{"fields":{"firm":"name","town":"city"}},"person":{"identifiers":{"member":"member_no","phone":"phone"},"fields":{"name":"name"}},"membership":{"role":"role"}})";
constexpr const char* map_of_orders =
    R"({"identifiers":{"member":"member_no"},"order":{"number":"no","time":"at","status":"status","lines":{"sku":"sku","quantity":"n","price":"price"}}})";
constexpr const char* map_of_tickets =
    R"({"identifiers":{"member":"member_no"},"ticket":{"number":"no","time":"at","subject":"subject","rating":"stars"}})";
constexpr const char* map_of_events =
    R"({"identifiers":{"member":"member_no","phone":"phone"},"fields":{"name":"name"},"event":{"name":"event","time":"at"}})";

class Lot {
  public:
    explicit Lot(std::uint64_t seed) : random_(seed) {}
    int below(int most) { return int(random_() % std::uint64_t(most)); }
    std::string one_of(const std::vector<std::string>& words) { return words[std::size_t(below(int(words.size())))]; }
    std::string member() { return std::to_string(1 + below(6)); } // 0 would be a placeholder
    std::string phone() { return below(2) ? "" : fmt::format("1391234567{}", below(3)); }
    std::string email() { return below(2) ? "" : fmt::format("e{}@example.com", below(3)); }
    std::string name() { return one_of({"Ann", "Bo", "Cy", ""}); }

    std::string file(Kind kind, bool has_firms) {
        std::string csv = kind == Kind::order    ? "member,no,at,status,sku,n,price\n"
                          : kind == Kind::ticket ? "member,no,at,subject,stars\n"
                          : kind == Kind::event  ? "member,phone,name,event,at\n"
                          : has_firms            ? "member,phone,name,firm,town,role\n"
                                                 : "member,phone,email,name,city\n";
        for (int rows = 1 + below(4); rows > 0; --rows) {
            const std::string day = fmt::format("2026-01-0{}", 1 + below(5));
            if (kind == Kind::order)
                csv += fmt::format("{},O{},{},{},{},{},{}\n", member(), below(5), day,
                    one_of({"", "paid", "cancelled"}), one_of({"a", "b"}), 1 + below(2), 5 + below(2));
            else if (kind == Kind::ticket)
                csv +=
                    fmt::format("{},T{},{},{},{}\n", member(), below(4), day, one_of({"Late", "Lost"}), 1 + below(5));
            else if (kind == Kind::event)
                csv += fmt::format("{},{},{},{},{}\n", member(), phone(), name(), one_of({"Came", "Left"}), day);
            else if (has_firms)
                csv += fmt::format("{},{},{},{},{},{}\n", member(), phone(), name(), one_of({"Acme", "Brick", ""}),
                    one_of({"Bern", "Basel"}), one_of({"buyer", ""}));
            else
                csv +=
                    fmt::format("{},{},{},{},{}\n", member(), phone(), email(), name(), one_of({"Bern", "Basel", ""}));
        }
        return csv;
    }
    Step step() {
        const int lot = below(10);
        if (lot < 3)
            return {Step::What::message, Kind::customer,
                fmt::format(
                    R"({{"type":"identify","userId":"u{}","timestamp":"2026-01-01T00:00:0{}Z","traits":{{"name":"W{}"{}{}}}}})",
                    below(3), below(9), below(3), quoted("phone", phone()), quoted("email", email()))};
        if (lot < 4)
            return {Step::What::message_of_shop, Kind::order,
                fmt::format(
                    R"({{"type":"track","userId":"m{0}","event":"Order Completed","timestamp":"2026-01-01T00:00:0{1}Z","properties":{{"order_id":"O{0}","total":{1},"currency":"CNY"}}}})",
                    below(5), 1 + below(8))};
        if (lot < 5)
            return {Step::What::edit, Kind::customer, fmt::format("member_no@shop:{}", 1 + below(6))};
        const Kind kind =
            std::array{Kind::customer, Kind::customer, Kind::order, Kind::ticket, Kind::event}[std::size_t(below(5))];
        return file_step(kind);
    }
    Step file_step(Kind kind) {
        const bool has_firms = kind == Kind::customer && below(3) == 0;
        return {Step::What::file, kind, file(kind, has_firms)};
    }

  private:
    static std::string quoted(std::string_view field, const std::string& value) {
        return value.empty() ? "" : fmt::format(R"(,"{}":"{}")", field, value);
    }
    std::mt19937_64 random_;
};

const char* map_of(const Step& step) {
    switch (step.kind) {
    case Kind::order:
        return map_of_orders;
    case Kind::ticket:
        return map_of_tickets;
    case Kind::event:
        return map_of_events;
    case Kind::customer:
        break;
    }
    return step.text.contains("firm") ? map_of_firms : map_of_people;
}

// What is left of a place of customers: those with a record that stays, or one that hangs together with such.
struct Left {
    std::set<std::string> nodes, orders, tickets;
};

class Law {
  public:
    explicit Law(std::uint64_t seed) : lot_(seed) {
        const int before = lot_.below(4), after = lot_.below(4);
        for (int i = 0; i < before; ++i)
            steps_.push_back(lot_.step());
        place_ = steps_.size();
        const Kind kind = std::array{
            Kind::customer, Kind::customer, Kind::order, Kind::ticket, Kind::event}[std::size_t(lot_.below(5))];
        steps_.push_back(lot_.file_step(kind));
        for (int i = 0; i < after; ++i)
            steps_.push_back(lot_.step());
    }

    // Whether anything was left alone.
    bool hold(const std::string& url_with, const std::string& url_without) {
        Knowledge never;
        std::set<std::string> known;
        {
            World world(url_without);
            for (std::size_t i = 0; i < steps_.size(); ++i) {
                world.outside.clock.advance(std::chrono::minutes{1});
                if (i != place_)
                    take(world, steps_[i], [](World&, const std::string&) { return false; });
            }
            world.settle();
            never = world.state();
        }
        World world(url_with);
        ImportId id;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            world.outside.clock.advance(std::chrono::minutes{1});
            const auto made = take(world, steps_[i], [&](World&, const std::string& reference) {
                const auto node = "3/person/" + reference;
                return i > place_ && !never.nodes.contains(node); // of the import alone
            });
            if (i == place_)
                id = made;
        }
        world.settle();
        const auto rollback = world.roll_back(id);
        EXPECT_EQ(rollback.state, RollbackState::finished) << (rollback.error ? rollback.error->in("en") : "");
        const Left left = left_of(world, id);
        compare(world.state(), never, left);
        EXPECT_EQ(world.differences(), "");
        EXPECT_EQ(customer::wrong_types(*world.database), "");
        EXPECT_TRUE(world.log->verify()->damages.empty());
        return rollback.counts.customers.stays + rollback.counts.orders.stays + rollback.counts.tickets.stays +
                   rollback.counts.events.stays >
               0;
    }
    std::string words() const {
        std::string all;
        for (std::size_t i = 0; i < steps_.size(); ++i)
            all += fmt::format("{}{}\n", i == place_ ? "* " : "  ", steps_[i].text);
        return all;
    }

  private:
    template <class MayEdit>
    ImportId take(World& world, const Step& step, MayEdit may_edit) {
        switch (step.what) {
        case Step::What::message:
            world.say(step.text);
            return {};
        case Step::What::message_of_shop:
            world.say_as_shop(step.text);
            return {};
        case Step::What::edit:
            if (const CustomerId id = world.find(step.text); id && may_edit(world, step.text)) {
                const auto customer = world.customers->get(id);
                EXPECT_TRUE(world.customers->edit(
                    world.caller, {id, customer->version, {{"city", "Chur"}}, {}, {}, {}, {}, {}}));
            }
            return {};
        case Step::What::file:
            break;
        }
        const auto import = world.import(step.kind, step.text, map_of(step));
        EXPECT_EQ(import.state, State::finished) << (import.error ? import.error->in("en") : "");
        world.settle();
        return import.id;
    }

    static Left left_of(World& world, ImportId id) {
        Left left;
        for (const RollbackRecord& one : world.left(id))
            if (one.kind == "customer")
                left.nodes.insert(world.place_of(NodeId{one.ref}));
            else if (one.kind == "order")
                left.orders.insert("shop/" + one.name);
            else if (one.kind == "ticket")
                left.tickets.insert("shop/" + one.name);
            else if (one.kind == "event")
                for (const auto& node : world.nodes_of_event(Position{one.ref}))
                    left.nodes.insert(node);
        for (const std::string& node : std::set(left.nodes)) { // with what people typed of them
            const auto kind = node.find('/'), key = node.find('/', kind + 1);
            left.nodes.insert(fmt::format("{}/{}/edits:{}:{}", source::manual.value,
                node.substr(kind + 1, key - kind - 1), node.substr(0, kind), node.substr(key + 1)));
        }
        return left;
    }

    static void compare(const Knowledge& with, const Knowledge& never, const Left& left) {
        const auto is_left = [&](const std::string& node) { return left.nodes.contains(node); };
        for (const auto& [node, words] : with.nodes)
            if (!is_left(node)) {
                const auto found = never.nodes.find(node);
                EXPECT_EQ(found == never.nodes.end() ? "nothing" : found->second, words) << node;
            }
        for (const auto& [node, words] : never.nodes)
            EXPECT_TRUE(with.nodes.contains(node)) << node << " is missing";
        std::set<std::string> owners = left.nodes; // of what is left
        for (const auto* world : {&with, &never})
            for (const auto& [records, kept] :
                {std::pair(&world->orders, &left.orders), std::pair(&world->tickets, &left.tickets)})
                for (const auto& [number, words] : *records)
                    if (kept->contains(number))
                        owners.insert(words.substr(0, words.find(' ')));
        std::set<std::string> strange; // who hangs together with those, in either world
        for (const auto* world : {&with, &never})
            for (const auto& [nodes, words] : world->customers)
                if (std::ranges::any_of(nodes, [&](const std::string& node) { return owners.contains(node); }))
                    strange.insert(nodes.begin(), nodes.end());
        for (const auto& [nodes, words] : with.customers) {
            if (std::ranges::any_of(nodes, [&](const std::string& node) { return strange.contains(node); }))
                continue;
            const auto found = never.customers.find(nodes);
            EXPECT_EQ(found == never.customers.end() ? "another customer" : found->second, words) << *nodes.begin();
        }
        for (const auto& [mine, its, kept] : {std::tuple(&with.orders, &never.orders, &left.orders),
                 std::tuple(&with.tickets, &never.tickets, &left.tickets)}) {
            for (const auto& [number, words] : *mine)
                if (!kept->contains(number))
                    EXPECT_EQ(its->contains(number) ? its->at(number) : "nothing", words) << number;
            for (const auto& [number, words] : *its)
                EXPECT_TRUE(mine->contains(number)) << number << " is missing";
        }
        for (const auto& [pair, words] : with.memberships)
            if (!std::ranges::any_of(left.nodes, [&](const std::string& node) { return pair.starts_with(node + " "); }))
                EXPECT_EQ(never.memberships.contains(pair) ? never.memberships.at(pair) : "nothing", words) << pair;
    }

    Lot lot_;
    std::vector<Step> steps_;
    std::size_t place_ = 0;
};

class RollbackLaw : public testing::OnBothDatabases {};
ON_BOTH_DATABASES(RollbackLaw);

TEST_P(RollbackLaw, IsAsIfTheImportHadNeverHappened) {
    const char* chosen = std::getenv("ONEFOLD_SEED");
    const char* many = std::getenv("ONEFOLD_LAW_CASES");
    const bool is_sqlite = GetParam() == store::Dialect::sqlite;
    const int cases = many ? std::atoi(many) : is_sqlite ? 60 : 8;
    const std::uint64_t first = chosen ? std::strtoull(chosen, nullptr, 10) : is_sqlite ? 1 : 1001;
    int conflicts = 0;
    for (int i = 0; i < cases && !HasFailure(); ++i) {
        testing::Folder folder;
        const auto url = [&](const std::string& name) {
            return is_sqlite ? folder.file(name) : testing::Postgres::get().make_database();
        };
        Law law(first + std::uint64_t(i));
        SCOPED_TRACE(fmt::format("ONEFOLD_SEED={}\n{}", first + std::uint64_t(i), law.words()));
        conflicts += law.hold(url("with.db"), url("without.db")) ? 1 : 0;
    }
    fmt::print("roll-back: {} of {} cases met a conflict\n", conflicts, cases);
    if (cases >= 50)
        EXPECT_GE(conflicts * 5, cases) << "too few to say anything";
}

} // namespace
} // namespace onefold::import
