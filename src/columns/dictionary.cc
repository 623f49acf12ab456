#include "columns/dictionary.h"

#include "core/text.h"

namespace onefold::columns {
namespace {

constexpr std::size_t name_characters_max = 200;

void spell(std::string& to, SourceId source, std::string_view kind, std::string_view name) {
    to = to_string(source);
    to += '\n';
    to += kind;
    to += '\n';
    to += name;
}

void spell(std::string& to, CellType type, std::string_view path) {
    to = char('0' + int(type));
    to += path;
}

} // namespace

const EventType* Dictionary::find(EventTypeId id) const {
    return id >= 1 && std::size_t(id) <= event_types_.size() ? &event_types_[std::size_t(id) - 1] : nullptr;
}

EventTypeId Dictionary::event_type_of(SourceId source, std::string_view kind, std::string_view name) {
    const std::string_view own_name = kind == "track" ? beginning_of(name, name_characters_max) : std::string_view();
    const std::string_view own_kind = beginning_of(kind, name_characters_max);
    spell(key_, source, own_kind, own_name);
    if (const auto known = by_key_.find(key_); known != by_key_.end())
        return known->second;
    if (event_types_.size() >= limits_.event_types_max ||
        of_source_[source.value] >= limits_.event_types_per_source_max)
        return 0;
    enter({source, std::string(own_kind), std::string(own_name)});
    learned_.event_types.push_back(event_types_.back().id);
    return event_types_.back().id;
}

int Dictionary::slot_of(EventTypeId id, std::string_view path, CellType type) {
    if (id == 0)
        return no_slot;
    const std::size_t index = std::size_t(id) - 1;
    spell(key_, type, path);
    const auto& known = places_[index].slot_by_property;
    if (const auto found = known.find(key_); found != known.end())
        return found->second;
    if (known.size() >= limits_.properties_per_event_type_max || std::size_t(properties_) >= limits_.properties_max)
        return no_slot;
    Property property{properties_ + 1, id, std::string(path), type, free_slot(places_[index], key_, type)};
    learned_.properties.push_back(property);
    const int slot = property.slot;
    enter(std::move(property));
    return slot;
}

int Dictionary::free_slot(const Places& places, std::string_view property, CellType type) const {
    const std::uint32_t taken = places.taken[std::size_t(type)];
    const auto is_free = [&](int slot) { return slot >= 0 && !(taken >> slot & 1U); };
    if (const auto first = first_slot_.find(property); first != first_slot_.end() && is_free(first->second))
        return first->second;
    for (int slot = 0; slot < slots_of_type[std::size_t(type)]; ++slot)
        if (is_free(slot))
            return slot;
    return no_slot;
}

void Dictionary::enter(EventTypeKey key) {
    std::string spelt;
    spell(spelt, key.source, key.kind, key.name);
    const auto id = EventTypeId(event_types_.size() + 1);
    ++of_source_[key.source.value];
    by_key_.emplace(std::move(spelt), id);
    event_types_.push_back({id, std::move(key), {}});
    places_.emplace_back();
}

void Dictionary::enter(Property property) {
    const std::size_t index = std::size_t(property.event_type) - 1;
    std::string spelt;
    spell(spelt, property.type, property.path);
    if (property.slot != no_slot) {
        places_[index].taken[std::size_t(property.type)] |= 1U << property.slot;
        first_slot_.try_emplace(spelt, property.slot);
    }
    places_[index].slot_by_property.emplace(std::move(spelt), property.slot);
    properties_ = std::max(properties_, property.id);
    event_types_[index].properties.push_back(std::move(property));
}

Dictionary::Learned Dictionary::take_learned() {
    return std::exchange(learned_, {});
}

void Dictionary::restore(EventTypeKey key) {
    enter(std::move(key));
}

void Dictionary::restore(Property property) {
    enter(std::move(property));
}

} // namespace onefold::columns
