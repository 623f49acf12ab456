#include "columns/catalogue.h"
#include "columns/columns_rig.h"

namespace onefold::columns {
namespace {

class ColumnsTest : public ColumnsRig {};
ON_BOTH_DATABASES(ColumnsTest);

TEST_P(ColumnsTest, AnEventBecomesARowWithNodeLocalDayAndTypedProperties) {
    zone_ = "Asia/Shanghai";
    start();
    append({R"({"type":"track","userId":"u1","event":"Paid","timestamp":"2025-05-01T20:00:00Z","properties":{"amount":9.5,"sku":"A"}})",
        R"({"type":"page","anonymousId":"b1","name":"Home","timestamp":"2025-05-01T01:00:00Z","properties":{"path":"/"}})"});
    customer::ImportedMessage claim;
    claim.subject_key = "member_no@shop:1";
    claim.identifiers = {{identity::find_identifier_type("member_no"), "shop", "1", false}};
    claim.at = *parse_rfc3339("2025-01-01T00:00:00Z");
    append(claim, event_log::FrameKind::claim);
    customer::ImportedMessage opened = claim;
    opened.kind = "track";
    opened.name = "Opened";
    append(opened, event_log::FrameKind::imported);
    catch_up();
    EXPECT_EQ(
        rows_of("SELECT kind, name, local_day::VARCHAR, number_1, text_1, message_id FROM event ORDER BY position"),
        (std::vector<store::Values>{
            {"track", "Paid", "2025-05-02", 9.5, "A", "m1"},
            {"page", "Home", "2025-05-01", std::monostate{}, "/", "m2"},
            {"track", "Opened", "2025-01-01", std::monostate{}, std::monostate{}, "m4"},
        }));
    std::vector<store::Values> nodes;
    for (const char* identifier : {"user_id:u1", "anonymous_id:b1", "member_no@shop:1"})
        nodes.push_back({node_of(find(identifier)).value});
    EXPECT_EQ(rows_of("SELECT node_id FROM event ORDER BY position"), nodes);
}

TEST_P(ColumnsTest, EachEventIsThereOnceHoweverOftenTheReaderStops) {
    std::vector<store::Values> seen;
    for (int round = 0; round < 5; ++round) {
        append_many(round * 100, 100);
        start();
        if (round % 2)
            catch_up();
        columns_.reset();
    }
    start();
    catch_up();
    EXPECT_EQ(
        rows_of("SELECT COUNT(*), COUNT(DISTINCT position), COUNT(DISTINCT message_id), COUNT(node_id) FROM event"),
        (std::vector<store::Values>{{500, 500, 500, 500}}));
    EXPECT_EQ(rebuild().comparison->differences, 0) << "many small steps or one, the same columns";
}

TEST_P(ColumnsTest, AMissingOrBrokenFileIsMadeAgainWithTheSameRows) {
    append_many(0, 300);
    start();
    catch_up();
    const auto before = checksums();
    ASSERT_EQ(before.size(), 20u);
    const auto missing = [&] { std::filesystem::remove(live_path()); };
    const auto garbage = [&] { std::ofstream(live_path()) << std::string(20'000, 'x'); };
    const auto truncated = [&] { std::filesystem::resize_file(live_path(), 5000); };
    for (const std::function<void()>& harm : {std::function<void()>(missing), {garbage}, {truncated}, {garbage}}) {
        columns_.reset();
        harm();
        outside_.clock.advance(std::chrono::seconds{1});
        start();
        catch_up();
        EXPECT_EQ(checksums(), before);
        EXPECT_EQ(columns_->status().state, State::following);
    }
    int aside = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.file("columns")))
        aside += entry.path().string().contains("quarantine") && !entry.path().string().ends_with(".wal");
    EXPECT_EQ(aside, 2) << "no more than two are kept";
}

TEST_P(ColumnsTest, ARebuildFindsAndRightsAPlantedDifference) {
    append_many(0, 200);
    start();
    catch_up();
    const auto right = checksums();
    EXPECT_EQ(rebuild().comparison->differences, 0);
    plant("UPDATE event SET number_1 = number_1 + 1 WHERE message_id = 'm42'");
    const Rebuilt rebuilt = rebuild();
    ASSERT_TRUE(rebuilt.comparison);
    EXPECT_EQ(rebuilt.events, 200);
    EXPECT_EQ(rebuilt.comparison->days, 20);
    ASSERT_EQ(rebuilt.comparison->differences, 1);
    const Difference& found = rebuilt.comparison->first_differences.at(0);
    EXPECT_EQ(found.table, "event");
    EXPECT_EQ(found.key, "2025-05-02");
    EXPECT_EQ(found.live_rows, found.rebuilt_rows);
    EXPECT_EQ(checksums(), right);
    plant("DELETE FROM event WHERE message_id IN ('m1', 'm22')");
    EXPECT_EQ(rebuild().comparison->differences, 2) << "two days";
    plant("DELETE FROM event_property WHERE id = 3");
    EXPECT_EQ(rebuild().comparison->first_differences.at(0).table, "event_property");
    EXPECT_EQ(rebuild().comparison->differences, 0);
}

TEST_P(ColumnsTest, EventsThatComeWhileASecondFileIsMadeAreInIt) {
    append_many(0, 2000);
    start();
    catch_up();
    const auto before = columns_->status().last_rebuilt;
    ASSERT_TRUE(columns_->rebuild());
    EXPECT_EQ(columns_->rebuild().error().code, "columns.rebuilding");
    for (int i = 0; i < 10; ++i)
        append_many(2000 + i * 100, 100);
    EXPECT_EQ(rebuilt_after(before).comparison->differences, 0);
    catch_up();
    EXPECT_EQ(number_of("SELECT COUNT(DISTINCT message_id) FROM event"), 3000);
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 3000);
}

TEST_P(ColumnsTest, AChangedZoneMovesTheLocalDays) {
    append({R"({"type":"track","userId":"u1","event":"Paid","timestamp":"2025-05-01T20:00:00Z"})"});
    start();
    catch_up();
    EXPECT_EQ(rows_of("SELECT local_day::VARCHAR FROM event"), (std::vector<store::Values>{{"2025-05-01"}}));
    zone_ = "Asia/Shanghai";
    restart();
    EXPECT_EQ(rebuilt_after({}).cause, "zone");
    EXPECT_EQ(rows_of("SELECT local_day::VARCHAR FROM event"), (std::vector<store::Values>{{"2025-05-02"}}));
}

TEST_P(ColumnsTest, WhatIsForgottenIsGone) {
    append_many(0, 50);
    start();
    catch_up();
    const auto position = number_of("SELECT position FROM event WHERE message_id = 'm7'");
    ASSERT_TRUE(columns_->forget({Position{position}}));
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event WHERE message_id = 'm7'"), 0);
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 49);
    ASSERT_TRUE(log_->redact(Position{position}));
    EXPECT_FALSE(rebuild().trouble) << "the log does not tell it any more either";
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 49);
}

TEST_P(ColumnsTest, WhatExpiresFromTheLogIsCountedNoMore) {
    close_all();
    log_options_.segment_bytes = 4096;
    open_all();
    for (int first = 0; first < 100; first += 10) // one append lies in one segment
        append_many(first, 10);
    start();
    catch_up();
    const auto told = [&] {
        std::int64_t events = 0;
        EXPECT_TRUE(columns_->ask([&](store::ColumnsConnection& connection) -> Result<> {
            for (const EventTypeSummary& type : TRY(list_event_types(connection, {})))
                events += type.event_count;
            return {};
        }));
        return events;
    };
    EXPECT_EQ(told(), 100);
    log_->keep_from("customer", log_->end());
    outside_.clock.advance(std::chrono::days{31});
    ASSERT_GT(*log_->expire(outside_.clock.now() - std::chrono::days{30}), 0u);
    const auto left = std::int64_t(log_->read(log_->begin(), 1000)->size());
    ASSERT_LT(left, 100);
    append_many(100, 1);
    catch_up();
    EXPECT_EQ(told(), left + 1);
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), left + 1);
}

TEST_P(ColumnsTest, WithoutAFileQuestionsAreToldToWait) {
    std::filesystem::create_directories(folder_.file("columns/columns.duckdb"));
    start();
    const auto done = columns_->ask([](store::ColumnsConnection&) -> Result<> { return {}; });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "columns.not_open");
    EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
}

TEST_P(ColumnsTest, TheCatalogueTellsEventsPropertiesTypesAndExamples) {
    append({R"({"type":"track","userId":"u1","event":"Paid","timestamp":"2025-05-01T00:00:00Z","properties":{"amount":9.5,"mail":"lin@example.com"}})",
        R"({"type":"track","userId":"u1","event":"Paid","timestamp":"2025-05-03T00:00:00Z","properties":{"amount":10,"items":[{"price":19.9,"tiny":1e-9,"large":2500.0}]}})",
        R"({"type":"track","userId":"u1","event":"Paid","timestamp":"2025-05-02T00:00:00Z","properties":{"amount":"ten"}})",
        R"({"type":"track","userId":"u1","event":"Viewed"})"});
    start();
    catch_up();
    ASSERT_TRUE(columns_->ask([&](store::ColumnsConnection& connection) -> Result<> {
        const auto all = TRY(list_event_types(connection, {}));
        EXPECT_EQ(all.size(), 2u);
        EXPECT_EQ(all[0].key.name, "Paid");
        EXPECT_EQ(all[0].event_count, 3);
        EXPECT_EQ(to_rfc3339(all[0].first_seen_at), "2025-05-01T00:00:00Z");
        EXPECT_EQ(to_rfc3339(all[0].last_seen_at), "2025-05-03T00:00:00Z");
        EXPECT_EQ(all[0].property_count, 3);
        EXPECT_EQ(TRY(list_event_types(connection, {.text = "VIEW"})).size(), 1u);
        EXPECT_EQ(TRY(list_event_types(connection, {.source = shop_})).size(), 0u);
        EXPECT_EQ(TRY(list_event_types(connection, {.after = EventTypeQuestion::After{3, all[0].id}})).size(), 1u);

        const auto paid = TRY(get_event_type(connection, all[0].id));
        EXPECT_EQ(paid.customer_count, 1);
        EXPECT_EQ(paid.properties.size(), 3u);
        const PropertySummary& amount = paid.properties[0];
        EXPECT_EQ(amount.path, "amount");
        EXPECT_EQ(amount.count, 3);
        EXPECT_EQ(amount.types.size(), 2u);
        EXPECT_EQ(amount.types[0].type, CellType::number);
        EXPECT_EQ(amount.types[0].count, 2);
        EXPECT_EQ(amount.types[0].examples, (std::vector<std::string>{"10", "9.5"}));
        EXPECT_EQ(amount.types[1].type, CellType::text) << "the unexpected one";
        EXPECT_EQ(amount.types[1].count, 1);
        EXPECT_EQ(amount.types[1].examples, (std::vector<std::string>{"ten"}));
        EXPECT_EQ(paid.properties[1].types[0].examples,
            (std::vector<std::string>{R"([{"price":19.9,"tiny":1e-9,"large":2500.0}])"}));
        EXPECT_EQ(paid.properties[2].types[0].examples, (std::vector<std::string>{"l***@example.com"}));
        EXPECT_EQ(get_event_type(connection, 99).error().code, "columns.no_such_event_type");
        return {};
    }));
}

TEST_P(ColumnsTest, APropertyWithoutAColumnIsCountedAndHasExamples) {
    std::string properties;
    for (int i = 0; i < 26; ++i)
        properties += fmt::format(R"({}"p{:02}":"v{}")", i ? "," : "", i, i);
    append({fmt::format(R"({{"type":"track","userId":"u1","event":"Wide","properties":{{{}}}}})", properties)});
    start();
    catch_up();
    ASSERT_TRUE(columns_->ask([&](store::ColumnsConnection& connection) -> Result<> {
        const auto wide = TRY(get_event_type(connection, 1));
        EXPECT_EQ(wide.properties.size(), 26u);
        const PropertyUse& last = wide.properties.back().types.at(0);
        EXPECT_TRUE(last.is_in_overflow);
        EXPECT_EQ(last.count, 1);
        EXPECT_EQ(last.examples, (std::vector<std::string>{"v25"}));
        EXPECT_EQ(wide.left_out_count, 0);
        return {};
    }));
}

TEST_P(ColumnsTest, BeyondTheLimitsEventsAndValuesAreCountedAndKept) {
    append({R"({"type":"track","userId":"u1","event":"A","properties":{"a":1,"b":2,"c":3,"d":"x"}})",
        R"({"type":"track","userId":"u1","event":"A","properties":{"c":4}})",
        R"({"type":"track","userId":"u1","event":"B","properties":{"a":1}})"});
    start({.event_types_max = 1, .properties_per_event_type_max = 2});
    catch_up();
    ASSERT_TRUE(columns_->ask([&](store::ColumnsConnection& connection) -> Result<> {
        EXPECT_EQ(TRY(count_events_left_out(connection)), 1);
        const auto detail = TRY(get_event_type(connection, 1));
        EXPECT_EQ(detail.properties.size(), 2u);
        EXPECT_EQ(detail.left_out_count, 3);
        return {};
    }));
    EXPECT_EQ(rows_of("SELECT name, overflow FROM event ORDER BY position"),
        (std::vector<store::Values>{
            {"A", R"({"number c":3E0,"text d":"x"})"}, {"A", R"({"number c":4E0})"}, {"B", R"({"number a":1E0})"}}));
}

} // namespace
} // namespace onefold::columns
