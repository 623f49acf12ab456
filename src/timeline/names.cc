#include "timeline/names.h"

#include <algorithm>
#include <mutex>

namespace onefold::timeline {

Names::Names(std::vector<Name> names) {
    for (Name& name : names)
        add(std::move(name));
}

std::size_t Names::Hash::operator()(const Key& key) const noexcept {
    const std::hash<std::string_view> hash;
    return hash(key.kind) * 31 + (key.name ? hash(*key.name) : 1);
}

NameId Names::add(Name name) {
    const auto id = NameId(names_.size());
    ++counts_[name.kind];
    names_.push_back(std::move(name));
    ids_.emplace(key_of(names_.back()), id);
    return id;
}

NameId Names::id_of(std::string_view kind, std::string_view name) {
    Key wanted{kind.size() <= bytes_max ? kind : "", std::nullopt};
    if (name.size() <= bytes_max)
        wanted.name = name;
    {
        const std::shared_lock lock{mutex_};
        if (const auto found = ids_.find(wanted); found != ids_.end())
            return found->second;
    }
    const std::unique_lock lock{mutex_};
    if (!counts_.contains(wanted.kind) && counts_.size() >= kinds_max)
        wanted = {"", std::nullopt};
    if (names_.size() >= count_max)
        wanted.name.reset();
    const auto found = ids_.find(wanted);
    return found != ids_.end()
               ? found->second
               : add({std::string(wanted.kind), wanted.name ? std::optional(std::string(*wanted.name)) : std::nullopt});
}

Name Names::get(NameId id) const {
    const std::shared_lock lock{mutex_};
    return std::size_t(id) < names_.size() ? names_[std::size_t(id)] : Name{};
}

std::vector<Name> Names::list() const {
    const std::shared_lock lock{mutex_};
    return {names_.begin(), names_.end()};
}

std::vector<std::string> Names::kinds() const {
    const std::shared_lock lock{mutex_};
    std::vector<std::string> kinds;
    for (const auto& [kind, count] : counts_)
        kinds.push_back(kind);
    return kinds;
}

std::vector<bool> Names::matching(const std::vector<std::string>& kinds, const std::optional<std::string>& name) const {
    const std::shared_lock lock{mutex_};
    std::vector<bool> matches;
    matches.reserve(names_.size());
    for (const Name& known : names_) {
        const bool is_of_unknown_kind = known.kind.empty() && !known.name;
        const bool is_of_kind =
            kinds.empty() || is_of_unknown_kind || std::ranges::find(kinds, known.kind) != kinds.end();
        matches.push_back(is_of_kind && (!name || !known.name || *known.name == *name));
    }
    return matches;
}

} // namespace onefold::timeline
