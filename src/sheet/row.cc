#include "sheet/row.h"

namespace onefold::sheet {

RowError error_at(std::uint64_t line, std::string_view column, const RawError& error) {
    const auto en = error.message.in("en"), zh = error.message.in("zh-CN");
    if (column.empty())
        return {line, "", error.code,
            LocalText(fmt::format("Line {}: {}", line, en), fmt::format("第 {} 行：{}", line, zh))};
    return {line, std::string(column), error.code,
        LocalText(fmt::format("Line {}, column “{}”: {}", line, column, en),
            fmt::format("第 {} 行，“{}”列：{}", line, column, zh))};
}

} // namespace onefold::sheet
