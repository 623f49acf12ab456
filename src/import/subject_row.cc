#include "import/subject_row.h"

#include "core/text.h"
#include "import/cell_value.h"
#include "sheet/written.h"

namespace onefold::import {

std::string_view cell(const Row& row, const Column& column) {
    return trimmed(row.fields[column.index]);
}

namespace {

constexpr std::size_t word_code_points_max = 100;

bool says_yes(std::string_view text) {
    constexpr std::string_view words[] = {"true", "1", "yes", "y", "是", "已验证"};
    return std::ranges::find(words, std::string_view(folded(text))) != std::end(words);
}

using Facts = std::vector<std::pair<std::string, std::string>>;

class RowReader {
  public:
    RowReader(const Row& row, const Map& map, const source::Source& source, std::vector<RowError>& warnings)
        : row_(row), map_(map), source_(source), warnings_(warnings) {}

    Facts facts(const std::vector<FieldColumn>& columns) const {
        Facts facts;
        for (const FieldColumn& column : columns)
            if (const auto text = cell(row_, column.column); !text.empty() && !sheet::is_blank_mark(text))
                facts.emplace_back(column.field, beginning_of(text, 1000));
        return facts;
    }

    std::vector<identity::IdentifierValue> identifiers(const std::vector<IdentifierColumn>& columns) {
        std::vector<identity::IdentifierValue> identifiers;
        for (const IdentifierColumn& column : columns) {
            const auto text = readable(value_in(row_, column.column), *column.type.type);
            if (text.empty())
                continue;
            const auto normal = identity::normalise(*column.type.type, text, source_.region);
            if (normal)
                identifiers.push_back({column.type.type, column.type.scope_within(source_.name), normal->value,
                    normal->is_blocked, "", column.verified && says_yes(cell(row_, *column.verified))});
            else if (normal.error().code != "identity.blank")
                warn(column.column, normal.error());
        }
        return identifiers;
    }

    identity::MembershipWords words(const MembershipColumns& columns) {
        return {text(columns.role), text(columns.title), flag(columns.is_decision_maker), time(columns.valid_from),
            time(columns.valid_to)};
    }

  private:
    // A company's domain may stand in the mail address of its people.
    static std::string_view readable(std::string_view text, const identity::IdentifierType& type) {
        const auto at = type.code == "web_domain" ? text.rfind('@') : std::string_view::npos;
        return at == std::string_view::npos ? text : text.substr(at + 1);
    }

    std::string text(const std::optional<Column>& column) const {
        return column ? std::string(beginning_of(cell(row_, *column), word_code_points_max)) : "";
    }

    std::optional<bool> flag(const std::optional<Column>& column) {
        const std::string word = folded(text(column));
        if (word.empty())
            return std::nullopt;
        for (const std::string_view yes : {"yes", "y", "true", "1", "是", "√", "✓", "x"})
            if (word == yes)
                return true;
        for (const std::string_view no : {"no", "n", "false", "0", "否", "-"})
            if (word == no)
                return false;
        warnings_.push_back({row_.line, column->name, "import.bad_flag",
            {"Whether this is so cannot be read; yes and no are.", "无法识别该值，请填写“是”或“否”。"}});
        return std::nullopt;
    }

    std::optional<Instant> time(const std::optional<Column>& column) {
        if (!column || value_in(row_, *column).empty())
            return std::nullopt;
        const auto at = time_in(row_, *column, map_, Zone::named(source_.zone).value_or(Zone{}));
        if (at)
            return *at;
        warn(*column, at.error());
        return std::nullopt;
    }

    void warn(const Column& column, const Error& error) {
        warnings_.push_back({row_.line, column.name, error.code, error.message});
    }

    const Row& row_;
    const Map& map_;
    const source::Source& source_;
    std::vector<RowError>& warnings_;
};

std::string text_of(const Facts& facts, std::string_view field) {
    const auto found = std::ranges::find(facts, field, &std::pair<std::string, std::string>::first);
    return found == facts.end() ? "" : found->second;
}

// By its identifiers, else by its name within the source. A household has no name that is its own: only rows of the
// source that call it alike mean the same.
customer::ImportedMessage::Organisation read_group(
    RowReader& reader, const GroupColumns& columns, const source::Source& source, const access::Keys& keys) {
    customer::ImportedMessage::Organisation group{
        columns.kind, "", reader.identifiers(columns.identifiers), reader.facts(columns.fields), {}};
    const std::string name = text_of(group.facts, "name");
    if (columns.kind == identity::NodeKind::organisation) {
        const auto* type = identity::find_identifier_type("organisation_name");
        if (const auto normal = identity::normalise(*type, name, ""))
            group.identifiers.push_back({type, source.name, normal->value, normal->is_blocked});
        group.key = identity::subject_key(keys, group.identifiers, name);
    } else {
        group.key = identity::subject_key(keys, group.identifiers, name);
        if (group.key.empty() && !name.empty())
            group.key = "name:" + to_hex(keys.digest("subject", folded(name)));
    }
    return group;
}

} // namespace

ReadSubject read_subject(const Row& row, const Map& map, const source::Source& source, const access::Keys& keys) {
    ReadSubject read;
    RowReader reader(row, map, source, read.warnings);
    RowSubject& subject = read.subject;
    subject.facts = reader.facts(map.fields);
    subject.identifiers = reader.identifiers(map.identifiers);
    subject.key = identity::subject_key(keys, subject.identifiers, text_of(subject.facts, "name"));
    if (!map.group)
        return read;
    auto group = read_group(reader, *map.group, source, keys);
    if (group.key.empty())
        return read;
    if (subject.key.empty()) {
        subject = {group.kind, std::move(group.key), std::move(group.identifiers), std::move(group.facts), {}};
        return read;
    }
    group.membership = reader.words(map.group->membership);
    if (group.membership.title.empty() && group.kind == identity::NodeKind::organisation)
        group.membership.title = beginning_of(text_of(subject.facts, "title"), word_code_points_max);
    subject.organisation = std::move(group);
    return read;
}

RowError about_nobody(std::uint64_t line, const std::vector<RowError>& warnings) {
    const auto refused =
        std::ranges::find_if(warnings, [](const RowError& warning) { return warning.code.starts_with("identity."); });
    if (refused == warnings.end())
        return {line, "", "import.nobody",
            {"The row has no identifier, so nobody could be found again by it.", "该行没有任何标识，无法识别客户。"}};
    return {line, refused->column, "import.nobody",
        {fmt::format(
             "{} The row has no other identifier by which somebody could be found again.", refused->message.in("en")),
            fmt::format("{}该行没有其他可用的标识，无法识别客户。", refused->message.in("zh-CN"))}};
}

std::optional<RowError> NameWatch::look(const RowSubject& subject, std::uint64_t line) {
    if (subject.kind != identity::NodeKind::person)
        return std::nullopt; // two branches of one company
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
