#pragma once
// Whether a value is claimed by so many that it is nobody's own. Pure; what is added only ever makes it more frequent.
#include "core/id.h"
#include "identity/identifier.h"

#include <map>
#include <set>

namespace onefold::identity {

class Frequency {
  public:
    explicit Frequency(const IdentifierType& type) : limits_(type.limits) {}

    // Whether it could be, of so many records that hold so many values in all.
    bool may_be(std::size_t records, std::size_t claims) const {
        if (records < 2)
            return false;
        return is_beyond(records, limits_.records_max) || is_beyond(claims - records, limits_.strong_beside_max);
    }
    // Another value that one of its records holds; `scope` must outlive this.
    void add_beside(const IdentifierType& type, std::string_view scope, IdentifierId value) {
        if (limits_.strong_beside_max && type.is_joining && type.strength == Strength::strong)
            beside_[{type.code, scope}].insert(value);
    }
    bool is_frequent(std::size_t records) const {
        if (records < 2)
            return false;
        for (const auto& [type, values] : beside_)
            if (is_beyond(values.size(), limits_.strong_beside_max))
                return true;
        return is_beyond(records, limits_.records_max);
    }

  private:
    static bool is_beyond(std::size_t count, std::int64_t limit) { return limit > 0 && std::int64_t(count) > limit; }

    const FrequencyLimits limits_;
    std::map<std::pair<std::string_view, std::string_view>, std::set<IdentifierId>> beside_;
};

} // namespace onefold::identity
