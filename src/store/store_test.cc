#include "store/store.h"
#include "testing/folder.h"

#include <gtest/gtest.h>

namespace onefold::store {
namespace {

const Schema notes{
    "note", {{1, "0001_note", "CREATE TABLE note (id IDENTITY, text TEXT NOT NULL UNIQUE, size BIGINT)"}}};

TEST(Store, QuickLook) {
    testing::Folder folder;
    auto database = Database::open(folder.file("a/main.db"), {notes});
    ASSERT_TRUE(database) << database.error().message.in("en");
    auto id = (*database)->write([](Session& session) {
        return session.find_integer("INSERT INTO note(text, size) VALUES ($1, $2) RETURNING id", {"归一", 3});
    });
    ASSERT_TRUE(id) << id.error().message.in("en");
    EXPECT_EQ(**id, 1);
    auto again = (*database)->write(
        [](Session& session) { return session.execute("INSERT INTO note(text) VALUES ($1)", {"归一"}); });
    EXPECT_EQ(again.error().code, "store.constraint");
    auto count = (*database)->read([](Session& session) { return session.find_integer("SELECT COUNT(*) FROM note"); });
    EXPECT_EQ(**count, 1);
}

} // namespace
} // namespace onefold::store
