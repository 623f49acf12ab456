#include "core/id.h"

#include <optional>

namespace onefold {

std::optional<std::int64_t> parse_id(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value <= 0 || text.front() == '0')
        return std::nullopt;
    return value;
}

} // namespace onefold
