#include "sheet/safe_cell.h"

namespace onefold::sheet {
namespace {

bool is_dangerous(char first) {
    return std::string_view("=+-@\t\r").find(first) != std::string_view::npos;
}

// Digits and what stands between them.
bool is_harmless(std::string_view cell) {
    return cell.find_first_not_of("0123456789 .,()/+-") == std::string_view::npos;
}

bool is_marked(std::string_view cell) {
    const auto first = cell.find_first_not_of('\'');
    return first != cell.npos && first > 0 && is_dangerous(cell[first]);
}

} // namespace

std::string safe_cell(std::string_view cell) {
    const bool is_formula = !cell.empty() && is_dangerous(cell.front()) && !is_harmless(cell);
    return (is_formula || is_marked(cell) ? "'" : "") + std::string(cell);
}

std::string restored_cell(std::string_view cell) {
    return std::string(is_marked(cell) ? cell.substr(1) : cell);
}

std::string marked_cell(std::string_view cell) {
    return (is_marked(cell) ? "'" : "") + std::string(cell);
}

std::string csv_cell(std::string_view cell) {
    const bool has_edge = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
    if (!has_edge && cell.find_first_of(",\"\r\n;\t") == std::string_view::npos)
        return std::string(cell);
    std::string quoted = "\"";
    for (const char c : cell)
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

} // namespace onefold::sheet
