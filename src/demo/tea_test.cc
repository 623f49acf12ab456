#include "demo/tea.h"
#include "testing/folder.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace onefold::demo {
namespace {

std::map<std::string, std::string> files_of(const TeaOptions& options) {
    std::map<std::string, std::string> files;
    for (auto& [name, text] : make_tea_files(options))
        files.emplace(name, std::move(text));
    return files;
}

TEST(Tea, TheSameSeedMakesTheSameBytes) {
    EXPECT_EQ(files_of({.customers = 300, .seed = 7}), files_of({.customers = 300, .seed = 7}));
    EXPECT_NE(files_of({.seed = 7}).at("customers.csv"), files_of({.seed = 8}).at("customers.csv"));
    EXPECT_TRUE(files_of({.customers = 1}).at("customers.csv").starts_with("customer_no,"));
}

TEST(Tea, TheTruthKnowsEveryRow) {
    const auto files = files_of({.customers = 150});
    const auto lines = [&](const std::string& name) { return std::ranges::count(files.at(name), '\n') - 1; };
    const auto keys_of = [&](const std::string& name) {
        std::set<std::string> keys;
        const std::string& text = files.at(name);
        for (auto at = text.find('\n') + 1; at < text.size(); at = text.find('\n', at) + 1)
            keys.insert(text.substr(at, text.find(',', at) - at));
        return std::ptrdiff_t(keys.size());
    };
    EXPECT_GT(lines("customers.csv"), 150);
    EXPECT_GT(lines("orders.csv"), keys_of("orders.csv"));
    EXPECT_EQ(lines("truth.csv"),
        lines("customers.csv") + keys_of("orders.csv") + lines("tickets.csv") + lines("events.csv"));
}

TEST(Tea, NoPhoneOrMailAddressIsReal) {
    const auto files = files_of({.customers = 500});
    for (const auto* name : {"customers.csv", "tickets.csv", "events.csv"}) {
        const std::string& text = files.at(name);
        for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1))
            EXPECT_EQ(text.substr(at, 12), "@example.com");
    }
    const std::string& customers = files.at("customers.csv");
    for (auto at = customers.find("+86"); at != std::string::npos; at = customers.find("+86", at + 1))
        EXPECT_EQ(customers.substr(at, 6), "+86154");
}

TEST(Tea, FilesAreWrittenIntoAFolderThatIsMissing) {
    const testing::Folder folder;
    const auto files = runtime::make_system_files();
    const auto target = std::string(folder.path()) + "/demo/data";
    ASSERT_TRUE(write_tea_files(*files, target, {.customers = 10}));
    for (const auto& [name, text] : files_of({.customers = 10}))
        EXPECT_EQ(files->read_all(target + "/" + name, 1 << 20), text) << name;
}

} // namespace
} // namespace onefold::demo
