#include "columns/dictionary.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace onefold::columns {
namespace {

constexpr SourceId web{2}, app{3};

TEST(Dictionary, AnEventIsKnownBySourceKindAndName) {
    Dictionary dictionary;
    const auto viewed = dictionary.event_type_of(web, "track", "Viewed");
    EXPECT_EQ(dictionary.event_type_of(web, "track", "Viewed"), viewed);
    EXPECT_NE(dictionary.event_type_of(app, "track", "Viewed"), viewed);
    EXPECT_NE(dictionary.event_type_of(web, "track", "Bought"), viewed);
    EXPECT_EQ(dictionary.event_type_of(web, "page", "Home"), dictionary.event_type_of(web, "page", "/cart"));
    EXPECT_EQ(dictionary.find(viewed)->key, (EventTypeKey{web, "track", "Viewed"}));
}

TEST(Dictionary, APropertyTakesTheSameSlotEverywhereWhereItIsFree) {
    Dictionary dictionary;
    const auto a = dictionary.event_type_of(web, "track", "A"), b = dictionary.event_type_of(web, "track", "B"),
               c = dictionary.event_type_of(web, "track", "C");
    EXPECT_EQ(dictionary.slot_of(a, "price", CellType::number), 0);
    EXPECT_EQ(dictionary.slot_of(a, "weight", CellType::number), 1);
    EXPECT_EQ(dictionary.slot_of(b, "weight", CellType::number), 1);
    EXPECT_EQ(dictionary.slot_of(b, "price", CellType::number), 0);
    EXPECT_EQ(dictionary.slot_of(c, "height", CellType::number), 0);
    EXPECT_EQ(dictionary.slot_of(c, "price", CellType::number), 1) << "its slot is taken here";
    EXPECT_EQ(dictionary.slot_of(a, "price", CellType::text), 0) << "each type has slots of its own";
    EXPECT_EQ(dictionary.slot_of(a, "price", CellType::number), 0);
}

TEST(Dictionary, WhatFindsNoSlotGoesToTheOverflowAndStaysKnown) {
    Dictionary dictionary;
    const auto type = dictionary.event_type_of(web, "track", "Wide");
    for (int i = 0; i < 24; ++i)
        EXPECT_EQ(dictionary.slot_of(type, fmt::format("p{}", i), CellType::text), i);
    EXPECT_EQ(dictionary.slot_of(type, "p24", CellType::text), no_slot);
    EXPECT_EQ(dictionary.find(type)->properties.size(), 25u);
    EXPECT_EQ(dictionary.slot_of(type, "p7", CellType::text), 7);
}

TEST(Dictionary, LimitsHold) {
    Dictionary dictionary({.event_types_per_source_max = 2,
        .event_types_max = 3,
        .properties_per_event_type_max = 2,
        .properties_max = 3});
    const auto first = dictionary.event_type_of(web, "track", "1"),
               second = dictionary.event_type_of(web, "track", "2");
    EXPECT_EQ(dictionary.event_type_of(web, "track", "3"), 0) << "of this source";
    EXPECT_NE(dictionary.event_type_of(app, "track", "1"), 0);
    EXPECT_EQ(dictionary.event_type_of(app, "track", "2"), 0) << "of all";
    EXPECT_EQ(dictionary.event_type_of(web, "track", "1"), first) << "the known ones stay";
    dictionary.slot_of(first, "a", CellType::text);
    dictionary.slot_of(first, "b", CellType::text);
    EXPECT_EQ(dictionary.slot_of(first, "c", CellType::text), no_slot) << "of this event";
    EXPECT_EQ(dictionary.slot_of(second, "a", CellType::text), 0);
    EXPECT_EQ(dictionary.slot_of(second, "b", CellType::text), no_slot) << "of all";
    EXPECT_EQ(dictionary.slot_of(0, "a", CellType::text), no_slot);
    EXPECT_EQ(dictionary.take_learned().properties.size(), 3u);
}

TEST(Dictionary, WhatWasLearnedComesOnceAndRestoresTheSame) {
    Dictionary learned, restored;
    for (const char* name : {"A", "B"})
        for (const char* path : {"x", "y", "x/y"})
            learned.slot_of(learned.event_type_of(web, "track", name), path, CellType::time);
    const auto news = learned.take_learned();
    EXPECT_TRUE(learned.take_learned().properties.empty());
    for (const auto id : news.event_types)
        restored.restore(learned.find(id)->key);
    for (const auto& property : news.properties)
        restored.restore(property);
    EXPECT_EQ(restored.event_type_of(web, "track", "B"), learned.event_type_of(web, "track", "B"));
    for (Dictionary* dictionary : {&learned, &restored})
        EXPECT_EQ(dictionary->slot_of(2, "z", CellType::time), 3);
    EXPECT_EQ(restored.slot_of(1, "x/y", CellType::time), 2);
    EXPECT_EQ(restored.take_learned().properties.size(), 1u);
}

} // namespace
} // namespace onefold::columns
