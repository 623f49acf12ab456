#pragma once
// Which column holds which property of which event: learned as the events come, decided without looking at anything
// else, so that the same events always get the same columns.
//
// The table of events has a fixed number of columns (slots) of each type. Every kind of event uses them for its own
// properties: `number_3` may be the amount of one and the height of another. A property takes the same slot everywhere
// where that is free. What finds no slot is kept in the column `overflow`, by its path.
#include "columns/cell.h"
#include "core/id.h"

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace onefold::columns {

inline constexpr std::array<int, cell_types> slots_of_type{24, 16, 6, 6, 6};
inline constexpr int slots = 24 + 16 + 6 + 6 + 6;

struct Limits {
    std::size_t event_types_per_source_max = 2'000;
    std::size_t event_types_max = 20'000;
    std::size_t properties_per_event_type_max = 300; // each with each of its types
    std::size_t properties_max = 200'000;
};

using EventTypeId = std::int32_t; // 0: none, beyond the limits
using PropertyId = std::int32_t;
inline constexpr int no_slot = -1;

// A page's or a screen's name is no kind of event of its own, so only `track` has names.
struct EventTypeKey {
    SourceId source;
    std::string kind; // "track", "page", "identify", …
    std::string name; // of `track`: at most 200 characters
    friend bool operator==(const EventTypeKey&, const EventTypeKey&) = default;
};

struct Property {
    PropertyId id = 0;
    EventTypeId event_type = 0;
    std::string path;
    CellType type = CellType::text;
    int slot = no_slot; // within its type
};

struct EventType {
    EventTypeId id = 0;
    EventTypeKey key;
    std::vector<Property> properties;
};

class Dictionary {
  public:
    explicit Dictionary(Limits limits = {}) : limits_(limits) {}

    // 0 where there are too many already.
    EventTypeId event_type_of(SourceId source, std::string_view kind, std::string_view name);
    // The slot of a property; no_slot where it goes to the overflow.
    int slot_of(EventTypeId event_type, std::string_view path, CellType type);

    const std::vector<EventType>& event_types() const { return event_types_; } // [i] has the id i + 1
    const EventType* find(EventTypeId id) const;

    // What was learned since the last call; to be written with the events that taught it.
    struct Learned {
        std::vector<EventTypeId> event_types;
        std::vector<Property> properties;
    };
    Learned take_learned();

    // As it was written, in the order of the ids.
    void restore(EventTypeKey key);
    void restore(Property property);

  private:
    struct Text {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <class T>
    using ByText = std::unordered_map<std::string, T, Text, std::equal_to<>>;
    struct Places {
        ByText<int> slot_by_property; // "<type>path" → slot
        std::array<std::uint32_t, cell_types> taken{};
    };

    void enter(EventTypeKey key);
    void enter(Property property);
    int free_slot(const Places& places, std::string_view property, CellType type) const;

    const Limits limits_;
    std::vector<EventType> event_types_;
    std::vector<Places> places_;
    ByText<EventTypeId> by_key_;
    std::unordered_map<std::int64_t, std::size_t> of_source_;
    ByText<int> first_slot_; // of the property in the first kind of event that has it
    PropertyId properties_ = 0;
    Learned learned_;
    std::string key_; // to look up without allocating
};

} // namespace onefold::columns
