#include "customer/customer_rig.h"
#include "http/fake_plugs.h"
#include "object/shipped.h"

#include <thread>

namespace onefold::customer {
namespace {

using boost::json::value;

class DecideTest : public CustomerRig {
  protected:
    void SetUp() override {
        CustomerRig::SetUp();
        customers_->add_routes(contract_);
        contract_.connect({plugs_.gatekeeper, plugs_.positions, plugs_.replays});
    }
    struct Heard {
        int status = 0;
        value body;
        std::string code() const { return std::string(body.at("error").at("code").as_string()); }
    };
    Heard ask(http::Method method, const std::string& path, const std::string& body = "", std::string role = "editor") {
        http::Incoming incoming;
        incoming.method = method;
        const auto cut = path.find('?');
        incoming.path = path.substr(0, cut);
        incoming.query = cut == std::string::npos ? "" : path.substr(cut + 1);
        incoming.headers = {{"authorization", "Bearer " + role}, {"content-type", "application/json"}};
        incoming.body = body;
        Heard heard;
        contract_.dispatch(std::move(incoming), [&](http::Outgoing outgoing) {
            heard = {outgoing.status, outgoing.body.empty() ? value{} : boost::json::parse(outgoing.body)};
        });
        return heard;
    }
    Heard get(const std::string& path) { return ask(http::Method::get, path); }
    Heard post(const std::string& path, const std::string& body) { return ask(http::Method::post, path, body); }
    void identify(const std::string& user, const std::string& traits, const std::string& day = "01") {
        append({fmt::format(R"({{"type":"identify","userId":"{}","traits":{},"timestamp":"2025-05-{}T00:00:00Z"}})",
            user, traits, day)});
    }
    // Two members of one shop with orders, events and an organisation each.
    void two_people() {
        identify("u1", R"({"name":"Ann","city":"Xi'an","email":"ann@example.com"})", "01");
        identify("u2", R"({"name":"Anna","city":"Beijing","phone":"13912345678"})", "02");
        append({R"({"type":"group","userId":"u1","groupId":"g1","traits":{"name":"Firm"},"timestamp":"2025-05-03T00:00:00Z"})",
            R"({"type":"group","userId":"u2","groupId":"g2","traits":{"name":"Works"},"timestamp":"2025-05-03T00:00:00Z"})",
            R"({"type":"track","userId":"u2","event":"Viewed","timestamp":"2025-05-04T00:00:00Z"})"});
        take_in();
        a_ = find("user_id:u1");
        b_ = find("user_id:u2");
        save({order("A1", node_of(a_), "2025-05-05T00:00:00Z", "10"),
            order("B1", node_of(b_), "2025-05-06T00:00:00Z", "5")});
    }
    // All that the API says of a customer but its version, which counts.
    std::string picture(CustomerId id) {
        const std::string path = "/api/v1/customers/" + to_string(id);
        value whole = get(path).body;
        whole.as_object().erase("version");
        std::string text = boost::json::serialize(whole);
        for (const std::string part : {"/timeline", "/timeline/facets", "/lineage", "/memberships"})
            text += '\n' + boost::json::serialize(get(path + part).body);
        for (const std::string object : {"order", "ticket"}) {
            query::Query query;
            query.object = object;
            query.select = {{{"number"}}, {{"customer"}}};
            query.filter = formula::call(
                formula::Operator::equal, {formula::field({"customer"}), formula::literal(std::string(to_string(id)))});
            query.sort = {{{"number"}, query::Direction::ascending}};
            const auto table = database_->read(
                [&](store::Session& session) { return query::run(session, query, object::shipped_catalogue()); });
            if (!table) {
                ADD_FAILURE() << table.error().message.in("en");
                return "";
            }
            for (const auto& row : table->rows)
                for (const value& cell : row)
                    text += '\n' + boost::json::serialize(cell);
        }
        return text;
    }
    // The second's record goes.
    std::string second(const std::string& rest = "") {
        const auto node = database_->read([](store::Session& session) {
            return session.find_integer("SELECT id FROM node WHERE subject_key = 'user_id:u2'");
        });
        return fmt::format(R"({{"nodes":["{}"]{}}})", **node, rest);
    }
    std::string merge_path(CustomerId id) { return "/api/v1/customers/" + to_string(id) + "/merge"; }
    std::string unmerge_path(CustomerId id) { return "/api/v1/customers/" + to_string(id) + "/unmerge"; }
    std::string other(CustomerId id, const std::string& rest = "") {
        return fmt::format(R"({{"other":"{}"{}}})", id.value, rest);
    }

    http::Contract contract_;
    http::FakePlugs plugs_;
    CustomerId a_, b_;
};
ON_BOTH_DATABASES(DecideTest);

TEST_P(DecideTest, UnmergeAfterMergeGivesBackBothByteForByte) {
    two_people();
    const std::string before_a = picture(a_), before_b = picture(b_);
    EXPECT_NE(before_a.find("A1"), std::string::npos);
    for (const bool by_undo : {false, true}) {
        const auto merged = post(merge_path(b_), other(a_, R"(,"values":{"city":"Beijing"})"));
        ASSERT_EQ(merged.status, 200) << merged.body;
        const auto one = get(fmt::format("/api/v1/customers/{}", a_.value)).body;
        EXPECT_EQ(one.at("fields").at("city"), "Beijing");
        EXPECT_EQ(one.at("provenance").at("city").at("source"), "manual");
        EXPECT_EQ(one.at("identifiers").as_array().size(), 4u);
        EXPECT_EQ(one.at("computed").at("order_count"), 2);
        EXPECT_EQ(one.at("computed").at("total_spend"), "15");
        EXPECT_EQ(
            get(fmt::format("/api/v1/customers/{}/memberships", a_.value)).body.at("items").as_array().size(), 2u);
        const auto old = get(fmt::format("/api/v1/customers/{}", b_.value));
        EXPECT_EQ(old.status, 200);
        EXPECT_EQ(old.body.at("state"), "merged");
        EXPECT_EQ(old.body.at("merged_into"), value(to_string(a_)));
        EXPECT_NE(picture(a_), before_a);
        if (by_undo) {
            const auto undone = post(
                fmt::format("/api/v1/identity_decisions/{}/undo", std::string(merged.body.at("decision").as_string())),
                "");
            ASSERT_EQ(undone.status, 200) << undone.body;
        } else {
            // What came of one side in between stays there.
            const auto apart = post(unmerge_path(a_), second());
            ASSERT_EQ(apart.status, 200) << apart.body;
            EXPECT_EQ(apart.body.at("parts").as_array().size(), 2u);
        }
        EXPECT_EQ(picture(a_), before_a);
        EXPECT_EQ(picture(b_), before_b);
    }
}

TEST_P(DecideTest, APreviewShowsItAndChangesNothing) {
    two_people();
    const std::string before_a = picture(a_), before_b = picture(b_);
    const auto changes = [&] {
        return *database_->read([](store::Session& session) { return change::newest(session); });
    };
    const auto seq = changes();
    plugs_.gatekeeper.records.clear();
    const auto shown = post(merge_path(a_), other(b_, R"(,"values":{"name":"Ann"},"preview":true)"));
    ASSERT_EQ(shown.status, 200) << shown.body;
    EXPECT_TRUE(shown.body.at("decision").is_null());
    ASSERT_EQ(shown.body.at("parts").as_array().size(), 1u);
    EXPECT_EQ(shown.body.at("parts").at(0).at("fields").at("name"), "Ann");
    EXPECT_EQ(shown.body.at("parts").at(0).at("computed").at("order_count"), 2);
    EXPECT_EQ(picture(a_), before_a);
    EXPECT_EQ(picture(b_), before_b);
    EXPECT_EQ(changes(), seq);
    EXPECT_TRUE(plugs_.gatekeeper.records.empty()) << "looking is not doing";

    ASSERT_EQ(post(merge_path(a_), other(b_)).status, 200);
    EXPECT_EQ(plugs_.gatekeeper.records.size(), 1u);
    EXPECT_GT(changes(), seq);
    const auto apart = post(unmerge_path(a_), second(R"(,"preview":true)"));
    ASSERT_EQ(apart.status, 200) << apart.body;
    EXPECT_EQ(apart.body.at("parts").as_array().size(), 2u);
    EXPECT_EQ(get(fmt::format("/api/v1/customers/{}", b_.value)).body.at("state"), "merged");
}

TEST_P(DecideTest, EventsBetweenAndAfterStayOnTheirSide) {
    two_people();
    ASSERT_EQ(post(merge_path(a_), other(b_)).status, 200);
    const auto view = [&](const std::string& user, const std::string& name) {
        append({fmt::format(
            R"({{"type":"track","userId":"{}","event":"{}","timestamp":"2025-05-07T00:00:00Z"}})", user, name)});
        take_in();
    };
    view("u1", "Between1");
    view("u2", "Between2");
    EXPECT_EQ(get(fmt::format("/api/v1/customers/{}", a_.value)).body.at("computed").at("event_count"), 7);
    ASSERT_EQ(post(unmerge_path(a_), second()).status, 200);
    view("u1", "After1");
    view("u2", "After2");
    const auto seen = [&](CustomerId id) {
        std::set<std::string> names;
        for (const TimelineItem& item : timeline_of(id))
            if (item.name.starts_with("Between") || item.name.starts_with("After"))
                names.insert(item.name);
        return names;
    };
    EXPECT_EQ(seen(a_), (std::set<std::string>{"Between1", "After1"}));
    EXPECT_EQ(seen(b_), (std::set<std::string>{"Between2", "After2"}));
    EXPECT_EQ(customers_->get(a_)->computed.event_count, 4);
    EXPECT_EQ(customers_->get(b_)->computed.event_count, 5);
}

// The intake and a hand write through the one writer; what the one moved the other must not count where it was.
TEST_P(DecideTest, EventsThatComeWhilePeopleDecideAreCountedOnce) {
    two_people();
    constexpr int rounds = 12, events = 20;
    std::thread hand([&] {
        for (int i = 0; i < rounds; ++i) {
            ASSERT_EQ(post(merge_path(a_), other(b_)).status, 200);
            ASSERT_EQ(post(unmerge_path(a_), second()).status, 200);
        }
    });
    for (int i = 0; i < rounds * 4; ++i) {
        std::vector<std::string> payloads;
        for (int k = 0; k < events; ++k)
            payloads.push_back(fmt::format(
                R"({{"type":"track","userId":"u{}","event":"e","timestamp":"2025-06-01T00:00:00Z"}})", 1 + k % 2));
        append(payloads);
    }
    hand.join();
    take_in();
    const int each = rounds * 4 * events / 2;
    EXPECT_EQ(customers_->get(a_)->computed.event_count, 2 + each);
    EXPECT_EQ(customers_->get(b_)->computed.event_count, 3 + each);
}

TEST_P(DecideTest, RefusesClearlyInBothLanguages) {
    two_people();
    const auto firm = find("group_id:g1");
    EXPECT_EQ(post(merge_path(a_), other(firm)).code(), "identity.kinds_differ");
    EXPECT_EQ(post(merge_path(a_), other(firm)).status, 409);
    EXPECT_EQ(post(merge_path(a_), other(a_)).code(), "identity.already_one");
    EXPECT_EQ(post(merge_path(a_), other(CustomerId{999})).status, 404);
    EXPECT_EQ(post(merge_path(CustomerId{999}), other(a_)).status, 404);
    const auto unknown = post(merge_path(a_), other(b_, R"(,"values":{"colour":"red"})"));
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(unknown.body.at("error").at("fields").at(0).at("path"), "/values/colour");
    EXPECT_EQ(post(merge_path(a_), other(b_, R"(,"values":{"name":" "})")).code(), "customer.bad_value");
    EXPECT_EQ(post(unmerge_path(a_), R"({"nodes":["999"]})").status, 400);
    EXPECT_EQ(post(unmerge_path(a_), fmt::format(R"({{"nodes":["{}"]}})", node_of(a_).value)).code(),
        "identity.nothing_left");
    EXPECT_EQ(post("/api/v1/identity_decisions/99/undo", "").status, 404);
    EXPECT_EQ(ask(http::Method::post, merge_path(a_), other(b_), "viewer").status, 403);
    EXPECT_EQ(get(fmt::format("/api/v1/customers/{}/why?node_a=1&node_b=999", a_.value)).status, 404);
}

TEST_P(DecideTest, LineageDecisionsAndWhySayWhoAndWhy) {
    two_people();
    ASSERT_EQ(post(merge_path(a_), other(b_, R"(,"values":{"name":"Ann"})")).status, 200);
    const auto decisions = get(fmt::format("/api/v1/customers/{}/decisions", b_.value));
    ASSERT_EQ(decisions.status, 200) << decisions.body;
    const auto& decision = decisions.body.at("items").at(0);
    EXPECT_EQ(decision.at("kind"), "merge");
    EXPECT_EQ(decision.at("other"), value(to_string(b_)));
    EXPECT_EQ(decision.at("fields"), boost::json::parse(R"(["name"])"));
    EXPECT_EQ(decision.at("may_undo"), true);
    const auto lineage = get(fmt::format("/api/v1/customers/{}/lineage", a_.value)).body;
    const auto& links = lineage.at("links").as_array();
    const auto& link = *std::ranges::find(links, value("manual"), [](const value& one) { return one.at("rule"); });
    EXPECT_EQ(link.at("rule"), "manual");
    EXPECT_EQ(link.at("decision"), decision.at("id"));
    EXPECT_EQ(link.at("by"), decision.at("by"));
    const auto why = get(fmt::format("/api/v1/customers/{}/why?node_a={}&node_b={}", a_.value,
        std::string(link.at("node_b").as_string()), std::string(link.at("node_a").as_string())));
    ASSERT_EQ(why.status, 200) << why.body;
    ASSERT_EQ(why.body.at("links").as_array().size(), 1u);
    EXPECT_EQ(why.body.at("links").at(0).at("node_a"), link.at("node_b"));

    const auto newest = *database_->read([](store::Session& session) { return change::list_behind(session, 0, 500); });
    const auto written = std::ranges::find(newest, change::object_ids::identity_decision,
        [](const change::Change& change) { return change.entry.object; });
    ASSERT_NE(written, newest.end());
    EXPECT_EQ(written->cause_kind, "request");
    const auto merged = std::ranges::find_if(newest, [&](const change::Change& change) {
        return change.entry.object == change::object_ids::customer && change.entry.record == b_.value;
    });
    ASSERT_NE(merged, newest.end());
    EXPECT_EQ(merged->entry.before->at("3"), "active");
    EXPECT_EQ(merged->entry.after->at("merged_into"), value(to_string(a_)));
}

} // namespace
} // namespace onefold::customer
