#pragma once
// Strong ids: dense 64-bit numbers in the store, strings in JSON, never mixed up in C++.
#include "core/result.h"

#include <charconv>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace onefold {

template <class Noun>
struct Id {
    std::int64_t value = 0; // 0 is "none"

    explicit operator bool() const { return value != 0; }
    friend auto operator<=>(const Id&, const Id&) = default;
};

// The decimal digits of an id as JSON and URLs carry it; nullopt for anything else.
std::optional<std::int64_t> parse_id(std::string_view text);

template <class Noun>
std::string to_string(Id<Noun> id) {
    return std::to_string(id.value);
}

using UserId = Id<struct UserNoun>;
using TokenId = Id<struct TokenNoun>;
using SourceId = Id<struct SourceNoun>;
using ObjectId = Id<struct ObjectNoun>;
using FieldId = Id<struct FieldNoun>;
using RecordId = Id<struct RecordNoun>;
using CustomerId = Id<struct CustomerNoun>;
using NodeId = Id<struct NodeNoun>;
using IdentifierId = Id<struct IdentifierNoun>;
using ImportId = Id<struct ImportNoun>;

// A place in the event log: opaque to readers, ordered, 0 is "before the first".
using Position = Id<struct PositionNoun>;

} // namespace onefold

template <class Noun>
struct std::hash<onefold::Id<Noun>> {
    std::size_t operator()(onefold::Id<Noun> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
