// What other rules would make of a sample of customers, spread over all of them.
#include "customer/customer.h"
#include "customer/edit.h"
#include "object/shipped.h"
#include "survivorship/survivorship.h"

#include <set>

namespace onefold::customer {
namespace {

constexpr std::int64_t sample_customers = 1000;
constexpr std::size_t examples_max = 20, examples_a_field_max = 5;

Result<std::vector<CustomerId>> sample(store::Session& session) {
    const auto first = TRY(session.find_integer("SELECT MIN(id) FROM customer")).value_or(0);
    const auto last = TRY(session.find_integer("SELECT MAX(id) FROM customer")).value_or(-1);
    std::vector<store::Values> from;
    for (std::int64_t i = 0; i < sample_customers && first + i <= last; ++i)
        from.push_back({first + (last - first + 1 <= sample_customers
                                        ? i
                                        : std::int64_t(double(last - first) * double(i) / double(sample_customers)))});
    std::set<CustomerId> customers;
    TRY(session.each_many("SELECT id, state FROM customer WHERE id >= $1 ORDER BY id LIMIT 1", from,
        [&](std::size_t, const store::Row& row) -> Result<> {
            if (row.text(1) == "active")
                customers.insert(CustomerId{row.integer(0)});
            return {};
        }));
    return std::vector<CustomerId>(customers.begin(), customers.end());
}

using Values = std::map<FieldId, std::string>;

Values values_of(const std::vector<survivorship::GoldenValue>& golden) {
    Values values;
    for (const auto& value : golden)
        if (!value.is_hidden)
            values[value.field] = value.winner.value;
    return values;
}

std::optional<std::string> value_in(const Values& values, FieldId field) {
    const auto found = values.find(field);
    return found == values.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

Result<RulesPreview> Customers::preview_rules(const survivorship::Policy& policy) const {
    return database_.read([&](store::Session& session) -> Result<RulesPreview> {
        const auto present = TRY(survivorship::get(session)).policy;
        const auto customers = TRY(sample(session));
        const auto facts = TRY(identity_.list_facts(session, customers));
        const auto trust = this->trust();
        RulesPreview preview;
        preview.sampled = std::int64_t(customers.size());
        std::map<std::string, std::size_t> shown;
        for (std::size_t i = 0; i < customers.size(); ++i) {
            const auto before = values_of(survivorship::fold(facts[i], trust, present));
            const auto after = values_of(survivorship::fold(facts[i], trust, policy));
            if (before == after)
                continue;
            ++preview.changed;
            for (const object::GoldenField& field : object::golden_fields()) {
                const auto was = value_in(before, field.id), is = value_in(after, field.id);
                const std::string code{field.code};
                if (was == is)
                    continue;
                ++preview.changed_by_field[code];
                if (preview.examples.size() < examples_max && shown[code]++ < examples_a_field_max)
                    preview.examples.push_back({customers[i],
                        value_in(before, object::find_golden_field("name")->id).value_or(""), code, was, is});
            }
        }
        return preview;
    });
}

} // namespace onefold::customer
