#pragma once
// What events are called: each pair of kind and name once, under a small number. Thread-safe; only ever grows.
//
// Names come from outside, so there is an end to them: a name longer than `bytes_max`, and each new one beyond
// `count_max`, is filed under its kind alone; a search by name has to look at those events themselves.
#include "timeline/entry.h"

#include <deque>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace onefold::timeline {

struct Name {
    std::string kind;
    std::optional<std::string> name; // none: one of those beyond the limits
    friend auto operator<=>(const Name&, const Name&) = default;
};

class Names {
  public:
    static constexpr std::size_t bytes_max = 200, count_max = 50'000, kinds_max = 100;

    Names() = default;
    explicit Names(std::vector<Name> names); // numbered in their order

    NameId id_of(std::string_view kind, std::string_view name);
    Name get(NameId id) const;
    std::vector<Name> list() const;
    std::vector<std::string> kinds() const; // sorted
    // By number, whether an event filed under it may be of these kinds (all where empty) and of this name.
    std::vector<bool> matching(const std::vector<std::string>& kinds, const std::optional<std::string>& name) const;

  private:
    struct Key {
        std::string_view kind;
        std::optional<std::string_view> name;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    static Key key_of(const Name& name) { return {name.kind, name.name}; }
    NameId add(Name name);

    mutable std::shared_mutex mutex_;
    std::deque<Name> names_;
    std::unordered_map<Key, NameId, Hash> ids_;              // of views into names_
    std::map<std::string, std::size_t, std::less<>> counts_; // names of each kind
};

} // namespace onefold::timeline
