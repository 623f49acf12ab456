#include "import/map.h"

#include "core/nearest.h"
#include "identity/identity.h"

namespace onefold::import {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> format_names{"day_first", "month_first", "decimal_comma", "decimal_point"};

std::string pointer(std::string_view parent, std::string_view key) {
    std::string path(parent);
    path += '/';
    for (const char c : key) {
        if (c == '~')
            path += "~0";
        else if (c == '/')
            path += "~1";
        else
            path += c;
    }
    return path;
}

class MapParser {
  public:
    explicit MapParser(const MapContext& context) : context_(context) { map_.kind = context.kind; }

    Result<Map> parse(const json::value& value) {
        if (const auto* root = object_at(value, ""))
            parse_root(*root);
        if (errors_.empty())
            return std::move(map_);
        const auto& first = errors_.front();
        const auto more = errors_.size() - 1;
        auto say = [&](std::string_view locale, std::string_view head, std::string_view tail) {
            return fmt::format("{}{}: {}{}", head, first.path.empty() ? "" : " " + first.path, first.message.in(locale),
                more ? fmt::format(fmt::runtime(tail), more) : "");
        };
        LocalText message(say("en", "The map is wrong", " ({} more)"), say("zh-CN", "映射有误", "（另有 {} 处）"));
        return fail(ErrorKind::invalid, "import.bad_map", std::move(message), std::move(errors_));
    }

  private:
    void report(std::string path, std::string_view code, std::string_view en, std::string_view zh) {
        errors_.push_back({std::move(path), std::string(code), LocalText(en, zh)});
    }

    void report_unknown(
        std::string path, std::string_view code, std::string en, std::string zh, std::string_view nearest) {
        if (!nearest.empty()) {
            en += fmt::format(" Is “{}” meant?", nearest);
            zh += fmt::format("是指“{}”吗？", nearest);
        }
        report(std::move(path), code, en, zh);
    }

    const json::object* object_at(const json::value& value, std::string path) {
        if (const auto* object = value.if_object())
            return object;
        report(std::move(path), "import.bad_type", "An object {…} is meant here.", "此处应为对象 {…}。");
        return nullptr;
    }

    const json::string* string_at(const json::value& value, std::string path) {
        if (const auto* text = value.if_string())
            return text;
        report(std::move(path), "import.bad_type", "A text is meant here.", "此处应为文本。");
        return nullptr;
    }

    std::optional<Column> column(std::string_view name, std::string path) {
        const auto found = std::ranges::find(context_.header, name);
        if (found != context_.header.end())
            return Column{*found, std::size_t(found - context_.header.begin())};
        report_unknown(std::move(path), "import.unknown_column", fmt::format("The file has no column “{}”.", name),
            fmt::format("文件中没有“{}”列。", name), nearest_of(name, context_.header));
        return std::nullopt;
    }

    // The column that a section's key names; reports a missing one where it is needed.
    std::optional<Column> part(const json::object& section, std::string_view path, std::string_view key) {
        const auto* value = section.if_contains(key);
        if (!value)
            return std::nullopt;
        const auto* name = string_at(*value, pointer(path, key));
        return name ? column(*name, pointer(path, key)) : std::nullopt;
    }
    Column needed_part(const json::object& section, std::string_view path, std::string_view key) {
        if (!section.contains(key))
            report(pointer(path, key), "import.missing", fmt::format("“{}” is needed: the column that holds it.", key),
                fmt::format("缺少“{}”：请指明对应的列。", key));
        return part(section, path, key).value_or(Column{});
    }

    void check_keys(const json::object& object, std::string_view path, std::span<const std::string_view> known) {
        for (const auto& [key, value] : object) {
            const std::string_view name = key;
            if (std::ranges::find(known, name) != known.end())
                continue;
            report_unknown(pointer(path, name), "import.unknown_key", fmt::format("“{}” is not known here.", name),
                fmt::format("此处没有“{}”这一项。", name), nearest_of(name, known));
        }
    }

    void parse_root(const json::object& root) {
        const std::string_view section = to_string(context_.kind);
        const bool has_section = context_.kind != Kind::customer;
        const std::array<std::string_view, 8> known{
            "identifiers", "fields", "person", "organisation", "household", "membership", "formats", section};
        check_keys(root, "", std::span(known).first(has_section ? 8 : 7));
        parse_formats(root);
        parse_who(root, "", map_.identifiers, map_.fields);
        parse_person(root);
        parse_group(root);
        if ((context_.kind == Kind::customer || context_.kind == Kind::event) && !names_somebody(root))
            report("/identifiers", "import.missing", "At least one column must identify the customer.",
                "至少要有一列用来识别客户。");
        if (!has_section)
            return;
        const auto* value = root.if_contains(section);
        if (!value)
            return report(pointer("", section), "import.missing",
                fmt::format("“{}” is needed: the columns of each {}.", section, section),
                fmt::format("缺少“{}”：请指明各列。", section));
        const auto* object = object_at(*value, pointer("", section));
        if (!object)
            return;
        if (context_.kind == Kind::order)
            parse_order(*object);
        if (context_.kind == Kind::ticket)
            parse_ticket(*object);
        if (context_.kind == Kind::event)
            parse_event(*object);
    }

    static bool has_entries(const json::object& object, std::string_view key) {
        const auto* value = object.if_contains(key);
        return value && !(value->is_object() && value->get_object().empty());
    }

    // What was written, also where it was written wrongly and is told already.
    bool names_somebody(const json::object& root) const {
        if (has_entries(root, "identifiers"))
            return true;
        for (const std::string_view key : {"person", "organisation", "household"})
            if (const auto* value = root.if_contains(key))
                if (!value->is_object() || has_entries(value->get_object(), "identifiers"))
                    return true;
        return map_.group &&
               std::ranges::find(map_.group->fields, "name", &FieldColumn::field) != map_.group->fields.end();
    }

    void parse_who(const json::object& section, std::string_view path, std::vector<IdentifierColumn>& identifiers,
        std::vector<FieldColumn>& fields) {
        if (const auto* value = section.if_contains("identifiers"))
            parse_identifiers(*value, pointer(path, "identifiers"), identifiers);
        if (const auto* value = section.if_contains("fields"))
            parse_fields(*value, pointer(path, "fields"), fields);
    }

    void parse_person(const json::object& root) {
        const auto* value = root.if_contains("person");
        const auto* person = value ? object_at(*value, "/person") : nullptr;
        if (!person)
            return;
        if (root.contains("identifiers") || root.contains("fields"))
            report("/person", "import.said_twice", "The person is described twice: inside “person” and outside.",
                "个人信息写了两处：“person”之内和之外，请保留一处。");
        check_keys(*person, "/person", known_of_who);
        parse_who(*person, "/person", map_.identifiers, map_.fields);
    }

    void parse_group(const json::object& root) {
        const bool has_both = root.contains("organisation") && root.contains("household");
        if (has_both)
            report("/household", "import.said_twice", "A row names an organisation or a household, not both.",
                "一行只能对应组织或家庭之一。");
        for (const auto kind : {identity::NodeKind::organisation, identity::NodeKind::household}) {
            const std::string_view key = identity::to_string(kind);
            const auto* value = root.if_contains(key);
            const auto* group = value ? object_at(*value, pointer("", key)) : nullptr;
            if (!group || (has_both && map_.group))
                continue;
            check_keys(*group, pointer("", key), known_of_who);
            map_.group = GroupColumns{kind, {}, {}, {}};
            parse_who(*group, pointer("", key), map_.group->identifiers, map_.group->fields);
        }
        const auto* value = root.if_contains("membership");
        const auto* membership = value ? object_at(*value, "/membership") : nullptr;
        if (membership)
            parse_membership(*membership);
    }

    void parse_membership(const json::object& section) {
        static constexpr std::array<std::string_view, 5> known{
            "role", "title", "is_decision_maker", "valid_from", "valid_to"};
        check_keys(section, "/membership", known);
        MembershipColumns columns;
        const std::array<std::optional<Column>*, 5> parts{
            &columns.role, &columns.title, &columns.is_decision_maker, &columns.valid_from, &columns.valid_to};
        for (std::size_t i = 0; i < known.size(); ++i)
            *parts[i] = part(section, "/membership", known[i]);
        if (map_.group)
            map_.group->membership = std::move(columns);
        else
            report("/membership", "import.missing", "A membership needs an “organisation” or a “household”.",
                "成员关系需要“organisation”或“household”。");
    }

    void parse_identifiers(const json::value& value, const std::string& parent, std::vector<IdentifierColumn>& into) {
        const auto* object = object_at(value, parent);
        if (!object)
            return;
        for (const auto& [key, type_value] : *object) {
            const auto path = pointer(parent, key);
            const auto from = column(key, path);
            const auto* text = string_at(type_value, path);
            if (!text)
                continue;
            auto type = identity::parse_type(*text);
            if (!type)
                errors_.push_back({path, type.error().code, type.error().message});
            else if (from)
                into.push_back({*from, std::move(*type), find_verified(*from, context_.header)});
        }
    }

    void parse_fields(const json::value& value, const std::string& parent, std::vector<FieldColumn>& into) {
        const auto* object = object_at(value, parent);
        if (!object)
            return;
        for (const auto& [key, field_value] : *object) {
            const auto path = pointer(parent, key);
            const auto from = column(key, path);
            const auto* field = string_at(field_value, path);
            if (!field)
                continue;
            const std::string_view code = *field;
            if (std::ranges::find(context_.fields, code) == context_.fields.end())
                report_unknown(path, "import.unknown_field", fmt::format("A customer has no field “{}”.", code),
                    fmt::format("客户没有“{}”字段。", code), nearest_of(code, context_.fields));
            else if (std::ranges::find(into, code, &FieldColumn::field) != into.end())
                report(path, "import.field_twice", fmt::format("Another column already sets “{}”.", code),
                    fmt::format("已有另一列对应“{}”。", code));
            else if (from)
                into.push_back({*from, std::string(code)});
        }
    }

    void parse_formats(const json::object& root) {
        const auto* value = root.if_contains("formats");
        const auto* object = value ? object_at(*value, "/formats") : nullptr;
        if (!object)
            return;
        for (const auto& [key, format_value] : *object) {
            const auto path = pointer("/formats", key);
            const auto from = column(key, path);
            const auto* text = string_at(format_value, path);
            if (!text)
                continue;
            const auto format = std::ranges::find(format_names, std::string_view(*text));
            if (format == format_names.end())
                report_unknown(path, "import.unknown_format",
                    fmt::format("“{}” is no format.", std::string_view(*text)),
                    fmt::format("没有“{}”这种格式。", std::string_view(*text)),
                    nearest_of(std::string_view(*text), format_names));
            else if (from)
                map_.formats.push_back({*from, ValueFormat(format - format_names.begin())});
        }
    }

    void parse_order(const json::object& section) {
        static constexpr std::array<std::string_view, 5> known{"number", "time", "lines", "status", "currency"};
        static constexpr std::array<std::string_view, 4> known_of_lines{"sku", "name", "quantity", "price"};
        check_keys(section, "/order", known);
        map_.order = OrderColumns{needed_part(section, "/order", "number"), needed_part(section, "/order", "time"),
            std::nullopt, part(section, "/order", "status"), part(section, "/order", "currency")};
        const auto* value = section.if_contains("lines");
        const auto* lines = value ? object_at(*value, "/order/lines") : nullptr;
        if (!lines)
            return;
        check_keys(*lines, "/order/lines", known_of_lines);
        map_.order->lines = LineColumns{part(*lines, "/order/lines", "sku"), part(*lines, "/order/lines", "name"),
            needed_part(*lines, "/order/lines", "quantity"), needed_part(*lines, "/order/lines", "price")};
    }

    void parse_ticket(const json::object& section) {
        static constexpr std::array<std::string_view, 5> known{"number", "time", "subject", "status", "rating"};
        check_keys(section, "/ticket", known);
        map_.ticket = TicketColumns{needed_part(section, "/ticket", "number"), part(section, "/ticket", "time"),
            part(section, "/ticket", "subject"), part(section, "/ticket", "status"),
            part(section, "/ticket", "rating")};
    }

    void parse_event(const json::object& section) {
        static constexpr std::array<std::string_view, 3> known{"name", "time", "message_id"};
        check_keys(section, "/event", known);
        map_.event = EventColumns{needed_part(section, "/event", "name"), needed_part(section, "/event", "time"),
            part(section, "/event", "message_id")};
    }

    static constexpr std::array<std::string_view, 2> known_of_who{"identifiers", "fields"};

    const MapContext& context_;
    Map map_;
    std::vector<FieldError> errors_;
};

json::value name_of(const std::optional<Column>& column) {
    return column ? json::value(column->name) : json::value(nullptr);
}

// Without the parts that are null.
json::object present(std::initializer_list<std::pair<std::string_view, json::value>> parts) {
    json::object result;
    for (const auto& [key, value] : parts)
        if (!value.is_null())
            result.emplace(key, value);
    return result;
}

json::object json_of(const std::vector<IdentifierColumn>& of, const std::vector<FieldColumn>& with) {
    json::object identifiers;
    for (const auto& [column, type, verified] : of)
        identifiers[column.name] = std::string(type.type->code) + (type.scope ? "@" + *type.scope : "");
    json::object fields;
    for (const auto& [column, field] : with)
        fields[column.name] = field;
    return {{"identifiers", std::move(identifiers)}, {"fields", std::move(fields)}};
}

} // namespace

std::string_view to_string(Kind kind) {
    static constexpr std::array<std::string_view, 4> names{"customer", "order", "ticket", "event"};
    return names[std::size_t(kind)];
}

std::string_view to_string(ValueFormat format) {
    return format_names[std::size_t(format)];
}

std::optional<ValueFormat> Map::format_of(const Column& column) const {
    const auto found =
        std::ranges::find_if(formats, [&](const FormatColumn& each) { return each.column.index == column.index; });
    return found == formats.end() ? std::nullopt : std::optional(found->format);
}

std::optional<Kind> parse_kind(std::string_view text) {
    for (const auto kind : {Kind::customer, Kind::order, Kind::ticket, Kind::event})
        if (to_string(kind) == text)
            return kind;
    return std::nullopt;
}

std::optional<Column> find_verified(const Column& column, std::span<const std::string> header) {
    const std::string name = column.name + "_verified";
    const auto found = std::ranges::find(header, name);
    return found == header.end() ? std::nullopt : std::optional(Column{name, std::size_t(found - header.begin())});
}

Result<Map> parse_map(std::string_view text, const MapContext& context) {
    boost::system::error_code problem;
    json::stream_parser parser;
    const auto read = parser.write_some(text.data(), text.size(), problem);
    if (!problem)
        parser.finish(problem);
    if (!problem && text.find_first_not_of(" \t\r\n", read) == std::string_view::npos)
        return map_from_json(parser.release(), context);
    const auto line = 1 + std::ranges::count(text.substr(0, std::min(read, text.size())), '\n');
    LocalText message(fmt::format("The map is not JSON: line {} cannot be read.", line),
        fmt::format("映射不是 JSON：第 {} 行无法读取。", line));
    return fail(
        ErrorKind::invalid, "import.bad_map", message, {{fmt::format("line {}", line), "import.bad_json", message}});
}

Result<Map> map_from_json(const json::value& value, const MapContext& context) {
    return MapParser(context).parse(value);
}

json::object to_json(const Map& map) {
    json::object result = json_of(map.identifiers, map.fields);
    if (const auto& group = map.group) {
        result[identity::to_string(group->kind)] = json_of(group->identifiers, group->fields);
        const MembershipColumns& m = group->membership;
        json::object membership = present({{"role", name_of(m.role)}, {"title", name_of(m.title)},
            {"is_decision_maker", name_of(m.is_decision_maker)}, {"valid_from", name_of(m.valid_from)},
            {"valid_to", name_of(m.valid_to)}});
        if (!membership.empty())
            result["membership"] = std::move(membership);
    }
    if (map.order) {
        json::value lines;
        if (const auto& l = map.order->lines)
            lines = present({{"sku", name_of(l->sku)}, {"name", name_of(l->name)}, {"quantity", name_of(l->quantity)},
                {"price", name_of(l->price)}});
        result["order"] = present(
            {{"number", name_of(map.order->number)}, {"time", name_of(map.order->time)}, {"lines", std::move(lines)},
                {"status", name_of(map.order->status)}, {"currency", name_of(map.order->currency)}});
    }
    if (const auto& t = map.ticket)
        result["ticket"] = present({{"number", name_of(t->number)}, {"time", name_of(t->time)},
            {"subject", name_of(t->subject)}, {"status", name_of(t->status)}, {"rating", name_of(t->rating)}});
    if (const auto& e = map.event)
        result["event"] =
            present({{"name", name_of(e->name)}, {"time", name_of(e->time)}, {"message_id", name_of(e->message_id)}});
    json::object formats;
    for (const auto& [column, format] : map.formats)
        formats[column.name] = std::string(to_string(format));
    if (!formats.empty())
        result["formats"] = std::move(formats);
    return result;
}

} // namespace onefold::import
