#include "customer/trait_problem.h"

#include "customer/typed_value.h"

namespace onefold::customer {
namespace {

bool is_readable(const identity::IdentifierType& type, std::string_view text, const source::Source& source) {
    const auto normal = identity::normalise(type, text, source.region);
    return normal || normal.error().code == "identity.blank";
}

// Also 1990年5月17日.
bool is_date(std::string text) {
    for (const auto& [sign, plain] : {std::pair{"年", "-"}, std::pair{"月", "-"}, std::pair{"日", ""}})
        if (const auto at = text.find(sign); at != text.npos)
            text.replace(at, std::string_view(sign).size(), plain);
    return parse_time(text, Zone()).has_value();
}

} // namespace

std::optional<MessageProblem> find_trait_problem(const identity::Subject& subject, const Json& traits,
    std::string_view place, const source::Source& source, Instant received_at) {
    const auto problem = [&](std::string_view code, std::string_view name) {
        return MessageProblem{code, fmt::format("{}/{}", place, name)};
    };
    for (const identity::IdentifierType* type : identity::identifier_types()) {
        const bool is_trait = type->code == "email" || type->code == "phone" || type->spelling;
        const bool was_read = std::ranges::count(subject.identifiers, type, &identity::IdentifierValue::type) > 0;
        if (!is_trait || was_read || type->since > micros_of(received_at) ||
            !identity::joins_kind(*type, identity::NodeKind::person))
            continue;
        if (const auto text = text_in(traits, type->code); !text.empty() && !is_readable(*type, text, source))
            return problem("trait.no_identifier", type->code);
    }
    if (const auto text = text_in(traits, "birthday"); !text.empty() && !is_date(text))
        return problem("trait.no_date", "birthday");
    if (const auto text = text_in(traits, "age"); !text.empty() && !typed_value("age", text, received_at))
        return problem("trait.no_age", "age");
    return std::nullopt;
}

} // namespace onefold::customer
