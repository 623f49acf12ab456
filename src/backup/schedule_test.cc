#include "backup/schedule.h"

#include <gtest/gtest.h>

namespace onefold::backup {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) {
    return *parse_rfc3339(text);
}
const Zone shanghai = *Zone::named("Asia/Shanghai");
const Zone berlin = *Zone::named("Europe/Berlin");

std::optional<Backup> begun(std::string_view when, State state = State::whole) {
    Backup backup;
    backup.started_at = at(when);
    backup.state = state;
    return backup;
}

Settings daily(std::int64_t hour, std::string_view changed_at = "2026-01-01T00:00:00Z") {
    Settings settings;
    settings.is_scheduled = true;
    settings.folder = "/backups";
    settings.hour = hour;
    settings.changed_at = at(changed_at);
    return settings;
}

TEST(Schedule, IsDueAtTheHourOfTheCompanysDay) {
    EXPECT_EQ(last_due(at("2026-03-05T18:59:59Z"), shanghai, 3), at("2026-03-04T19:00:00Z"));
    EXPECT_EQ(last_due(at("2026-03-05T19:00:00Z"), shanghai, 3), at("2026-03-05T19:00:00Z"));
    EXPECT_EQ(last_due(at("2026-03-05T00:30:00Z"), Zone{}, 23), at("2026-03-04T23:00:00Z"));
    // The hour that a shift skips or doubles still comes once.
    EXPECT_EQ(last_due(at("2026-03-29T12:00:00Z"), berlin, 2), at("2026-03-29T01:00:00Z"));
    EXPECT_EQ(last_due(at("2026-10-25T12:00:00Z"), berlin, 2), at("2026-10-25T00:00:00Z"));
}

TEST(Schedule, MakesOneADayAndCatchesUpOnceAfterAPause) {
    const auto settings = daily(3);
    EXPECT_TRUE(is_due(at("2026-03-05T03:00:00Z"), Zone{}, settings, std::nullopt));
    EXPECT_TRUE(is_due(at("2026-03-05T03:00:00Z"), Zone{}, settings, begun("2026-03-04T03:00:10Z")));
    EXPECT_FALSE(is_due(at("2026-03-05T03:00:20Z"), Zone{}, settings, begun("2026-03-05T03:00:10Z")));
    EXPECT_FALSE(is_due(at("2026-03-06T02:59:59Z"), Zone{}, settings, begun("2026-03-05T03:00:10Z")));
    EXPECT_TRUE(is_due(at("2026-03-09T17:00:00Z"), Zone{}, settings, begun("2026-03-05T03:00:10Z")));
    EXPECT_FALSE(is_due(at("2026-03-09T17:01:00Z"), Zone{}, settings, begun("2026-03-09T17:00:10Z")));
}

TEST(Schedule, OffOrJustChangedItWaits) {
    auto settings = daily(3);
    settings.is_scheduled = false;
    EXPECT_FALSE(is_due(at("2026-03-05T03:00:00Z"), Zone{}, settings, std::nullopt));
    settings = daily(3, "2026-03-05T15:00:00Z");
    EXPECT_FALSE(is_due(at("2026-03-05T15:00:01Z"), Zone{}, settings, std::nullopt));
    EXPECT_TRUE(is_due(at("2026-03-06T03:00:00Z"), Zone{}, settings, std::nullopt));
}

TEST(Schedule, TriesAgainAnHourAfterAFailure) {
    const auto failed = begun("2026-03-05T03:00:10Z", State::failed);
    EXPECT_FALSE(is_due(at("2026-03-05T03:59:00Z"), Zone{}, daily(3), failed));
    EXPECT_TRUE(is_due(at("2026-03-05T04:00:10Z"), Zone{}, daily(3), failed));
    EXPECT_FALSE(is_due(at("2026-03-05T09:00:00Z"), Zone{}, daily(3), begun("2026-03-05T03:00:10Z", State::running)));
}

TEST(Schedule, KeepsTheNewestWholeOnesOfItsFolderAndNothingElseMakesRoom) {
    auto settings = daily(3);
    settings.keep_count = 2;
    std::vector<Backup> all;
    const auto add = [&](int id, const std::string& target, State state = State::whole, Cause cause = Cause::schedule) {
        Backup backup;
        backup.id = BackupId{id};
        backup.target = target;
        backup.state = state;
        backup.cause = cause;
        all.push_back(backup);
        return &all.back();
    };
    add(9, "/backups/i", State::failed);
    add(8, "/backups/h");
    add(7, "/backups/g", State::whole, Cause::command);
    add(6, "/elsewhere/f");
    add(5, "/backups/e", State::whole, Cause::person);
    add(4, "/backups/d")->removed_at = at("2026-01-01T00:00:00Z");
    add(3, "/backups/c");
    add(2, "/backups/b", State::running);
    add(1, "/backups/a");
    std::vector<std::int64_t> ids;
    for (const Backup& backup : beyond_kept(all, settings))
        ids.push_back(backup.id.value);
    EXPECT_EQ(ids, (std::vector<std::int64_t>{3, 1}));
    settings.keep_count = 1;
    EXPECT_EQ(beyond_kept(all, settings).front().id.value, 5) << "the newest whole one always stays";
}

} // namespace
} // namespace onefold::backup
