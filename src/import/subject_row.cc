#include "import/subject_row.h"

#include "core/text.h"

namespace onefold::import {

std::string_view cell(const CsvRow& row, const Column& column) {
    return trimmed(row.fields[column.index]);
}

namespace {

bool says_yes(std::string_view text) {
    constexpr std::string_view words[] = {"true", "1", "yes", "y", "是", "已验证"};
    return std::ranges::find(words, std::string_view(folded(text))) != std::end(words);
}

} // namespace

ReadSubject read_subject(const CsvRow& row, const Map& map, const source::Source& source, const access::Keys& keys) {
    ReadSubject read;
    std::string_view name;
    for (const FieldColumn& column : map.fields) {
        const auto text = cell(row, column.column);
        if (text.empty())
            continue;
        read.subject.facts.emplace_back(column.field, beginning_of(text, 1000));
        if (column.field == "name")
            name = text;
    }
    for (const IdentifierColumn& column : map.identifiers) {
        const auto text = cell(row, column.column);
        if (text.empty())
            continue;
        const auto normal = identity::normalise(*column.type.type, text, source.region);
        if (normal)
            read.subject.identifiers.push_back({column.type.type, column.type.scope_within(source.name), normal->value,
                normal->is_blocked, "", column.verified && says_yes(cell(row, *column.verified))});
        else if (normal.error().code != "identity.blank")
            read.warnings.push_back({row.line, column.column.name, normal.error().code, normal.error().message});
    }
    read.subject.key = identity::subject_key(keys, read.subject.identifiers, name);
    return read;
}

std::optional<RowError> NameWatch::look(const RowSubject& subject, std::uint64_t line) {
    const auto name = std::ranges::find(subject.facts, "name", &std::pair<std::string, std::string>::first);
    if (name == subject.facts.end())
        return std::nullopt;
    const std::string name_digest = keys_.digest("import", folded(name->second));
    for (const identity::IdentifierValue& value : subject.identifiers) {
        if (value.type->strength != identity::Strength::joining || value.is_blocked)
            continue;
        auto [place, is_first] = seen_.try_emplace(
            keys_.digest("import", fmt::format("{}\n{}", value.type->code, value.value)), Seen{name_digest, line});
        Seen& seen = place->second;
        if (is_first || seen.is_told || seen.name_digest == name_digest)
            continue;
        seen.is_told = true;
        return RowError{line, "", "import.other_name",
            {fmt::format("The same {} has another name in line {}; both are one customer now. Check whether two people "
                         "share it.",
                 value.type->label.in("en"), seen.line),
                fmt::format("第 {} 行有相同的{}但姓名不同；两者已归为同一客户，请核对是否为两人共用。", seen.line,
                    value.type->label.in("zh-CN"))}};
    }
    return std::nullopt;
}

} // namespace onefold::import
