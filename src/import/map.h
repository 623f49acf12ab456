#pragma once
// Which column of a file means what: the `--map` of an import, parsed and checked against the file's header. Pure.
#include "core/result.h"
#include "identity/identifier.h"
#include "identity/resolve.h"

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::import {

enum class Kind { customer, order, ticket, event };

std::string_view to_string(Kind kind);
std::optional<Kind> parse_kind(std::string_view text);

struct Column {
    std::string name;
    std::size_t index = 0; // into the header, and so into a row's fields
};

struct IdentifierColumn {
    Column column;
    identity::TypeReference type;
    std::optional<Column> verified; // the column "…_verified" beside it, where the file has one
};
std::optional<Column> find_verified(const Column& column, std::span<const std::string> header);
struct FieldColumn {
    Column column;
    std::string field; // its code
};
struct MembershipColumns {
    std::optional<Column> role;
    std::optional<Column> title; // without it, what is the person's field `title`
    std::optional<Column> is_decision_maker;
    std::optional<Column> valid_from;
    std::optional<Column> valid_to;
};
// The organisation or household that a row names, of which its person, if any, is a member.
struct GroupColumns {
    identity::NodeKind kind = identity::NodeKind::organisation;
    std::vector<IdentifierColumn> identifiers;
    std::vector<FieldColumn> fields; // its name is one
    MembershipColumns membership;
};
struct LineColumns {
    std::optional<Column> sku;
    std::optional<Column> name;
    Column quantity;
    Column price;
};
struct OrderColumns {
    Column number;
    Column time;
    std::optional<LineColumns> lines; // without it, a row is an order of no lines
    std::optional<Column> status;
    std::optional<Column> currency; // without it, the source's
};
struct TicketColumns {
    Column number;
    std::optional<Column> time;
    std::optional<Column> subject;
    std::optional<Column> status;
    std::optional<Column> rating;
};
struct EventColumns {
    Column name;
    Column time;
    std::optional<Column> message_id; // without it, equal rows are told apart by their place among equals
};

// How the values of a column are written, where that cannot be told from one value alone.
enum class ValueFormat { day_first, month_first, decimal_comma, decimal_point };
std::string_view to_string(ValueFormat format);
struct FormatColumn {
    Column column;
    ValueFormat format;
};

struct Map {
    Kind kind = Kind::customer;
    std::vector<IdentifierColumn> identifiers; // in the order in which the map names them
    std::vector<FieldColumn> fields;
    std::optional<GroupColumns> group;
    std::optional<OrderColumns> order;   // set where kind is order
    std::optional<TicketColumns> ticket; // … ticket
    std::optional<EventColumns> event;   // … event
    std::vector<FormatColumn> formats;

    std::optional<ValueFormat> format_of(const Column& column) const;
};

// What the file and the company offer to a map.
struct MapContext {
    Kind kind;
    std::span<const std::string> header;
    std::span<const std::string> fields; // codes of the customer's fields that an import may set
};

// {"identifiers":{COLUMN:"type[@scope]"},"fields":{COLUMN:FIELD}, and the section of the kind:
//   "order":{"number","time","lines":{"sku","name","quantity","price"},"status","currency"}
//   "ticket":{"number","time","subject","status","rating"}      "event":{"name","time","message_id"}
// A row that names an organisation (or a "household") too:
//   "organisation":{"identifiers":…,"fields":…}, "person":{"identifiers":…,"fields":…} (the same as the two outside),
//   "membership":{"role","title","is_decision_maker","valid_from","valid_to"}
// And for any: "formats":{COLUMN:"day_first"|"month_first"|"decimal_comma"|"decimal_point"}.
// Needed are: an identifier for customers and events, or what an organisation is known by: an identifier or its name;
// number and time of orders, and quantity and price where there are lines; the number of tickets; name and time of
// events. A column "phone_verified" beside an identifier's column "phone" says of each row whether that was checked.
// Everything that is wrong comes back at once: import.bad_map, its `fields` carry JSON pointers and the codes
// import.bad_json, import.bad_type, import.unknown_key, import.unknown_column, import.unknown_field,
// import.field_twice, import.missing, import.said_twice, import.unknown_format, and those of identity::parse_type.
Result<Map> parse_map(std::string_view json, const MapContext& context);
Result<Map> map_from_json(const boost::json::value& json, const MapContext& context);

// The map as `map_from_json` reads it.
boost::json::object to_json(const Map& map);

// Without a map: columns whose names leave no doubt, in English and Chinese ("Customer Email", "手机号"); others are
// left out. import.map_needed where a needed column was not found.
Result<Map> guess_map(const MapContext& context);

} // namespace onefold::import
