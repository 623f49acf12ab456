#include "query/shapes.h"

#include "query/choices.h"

#include <algorithm>
#include <tuple>

namespace onefold::query {
namespace {

using formula::Kind;
using formula::Type;

std::optional<Kind> kind_of(const ObjectEntry& object, const FieldEntry& field) {
    if (&field == &object.fields.front())
        return Kind::number;
    switch (field.type) {
    case FieldType::text:
    case FieldType::choice:
        return Kind::text;
    case FieldType::integer:
    case FieldType::decimal:
    case FieldType::money:
        return Kind::number;
    case FieldType::instant:
        return Kind::instant;
    case FieldType::date:
        return Kind::date;
    case FieldType::boolean:
        return Kind::truth;
    case FieldType::relation:
        return Kind::record;
    case FieldType::json:
        break;
    }
    return std::nullopt;
}

class ObjectShape final : public formula::Shape {
  public:
    ObjectShape(Shapes& shapes, const Catalogue& catalogue, const ObjectEntry& object, Naming naming)
        : shapes_(shapes), catalogue_(catalogue), object_(object), naming_(naming) {}

    std::optional<Slot> find(std::string_view name) const override {
        if (naming_ == Naming::names_and_ids && name.starts_with('#')) {
            const auto id = parse_id(name.substr(1));
            return id ? find_by([&](const auto& entry) { return entry.id.value == *id; }) : std::nullopt;
        }
        const auto is_coded = [&](const auto& entry) { return entry.code == name; };
        const auto is_labelled = [&](const auto& entry) {
            return entry.label.in("en") == name || entry.label.in("zh-CN") == name;
        };
        if (auto slot = find_by(is_coded))
            return slot;
        return find_by(is_labelled);
    }
    std::vector<std::string> names() const override {
        std::vector<std::string> names;
        for (const auto& field : object_.fields)
            if (kind_of(object_, field))
                names.push_back(field.code);
        for (const auto& records : object_.records)
            names.push_back(records.code);
        return names;
    }

  private:
    template <class Is>
    std::optional<Slot> find_by(Is is) const {
        const auto& [fields, records] = std::tie(object_.fields, object_.records);
        if (const auto found = std::ranges::find_if(fields, is); found != fields.end())
            return slot_of(std::size_t(found - fields.begin()), *found);
        if (const auto found = std::ranges::find_if(records, is); found != records.end())
            if (const auto* target = catalogue_.find_object(found->target))
                return Slot{
                    fields.size() + std::size_t(found - records.begin()), {Kind::records}, &shapes_.of(*target)};
        return std::nullopt;
    }

    std::optional<Slot> slot_of(std::size_t number, const FieldEntry& field) const {
        const auto kind = kind_of(object_, field);
        if (!kind)
            return std::nullopt;
        const auto* known = dynamic_cast<const Choices*>(&catalogue_);
        const auto* choices = known ? known->choices_of(field.id) : nullptr;
        if (!field.steps.empty())
            return Slot{number, formula::list_of(*kind), nullptr, std::nullopt, choices};
        if (*kind != Kind::record)
            return Slot{number, {*kind}, nullptr, std::nullopt, choices};
        const auto* target = catalogue_.find_object(field.target);
        return target ? std::optional(Slot{number, {Kind::record}, &shapes_.of(*target)}) : std::nullopt;
    }

    Shapes& shapes_;
    const Catalogue& catalogue_;
    const ObjectEntry& object_;
    Naming naming_;
};

} // namespace

const formula::Shape& Shapes::of(const ObjectEntry& object) {
    auto& shape = shapes_[&object];
    if (!shape)
        shape = std::make_unique<ObjectShape>(*this, catalogue_, object, naming_);
    return *shape;
}

const ObjectEntry& Shapes::object_of(const formula::Shape& shape) const {
    const auto found = std::ranges::find_if(shapes_, [&](const auto& made) { return made.second.get() == &shape; });
    VERIFY(found != shapes_.end());
    return *found->first;
}

Named named(const ObjectEntry& object, std::size_t slot) {
    const std::size_t fields = object.fields.size();
    return slot < fields ? Named{&object.fields[slot], nullptr} : Named{nullptr, &object.records[slot - fields]};
}

} // namespace onefold::query
