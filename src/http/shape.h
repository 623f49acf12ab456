#pragma once
// How a C++ type looks from outside, as a value: what bind.h makes of a described type, and what reads, checks, writes
// and documents it without templates. A Type lives as long as the program.
#include "core/result.h"

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace onefold::http {

// What text must be. `name` is not blank and has no control characters, `code` is snake_case and begins with a letter,
// `e_mail` is a rough look only.
enum class TextRule { any, not_blank, name, code, e_mail };

// What a member must keep to beyond its type; it goes into the schema and into the checking of requests. On a vector or
// a map the lengths count items and the rest is asked of each item.
struct Rule {
    std::string_view member;
    std::optional<std::int64_t> length_min; // code points, items
    std::optional<std::int64_t> length_max;
    std::optional<std::int64_t> minimum; // of integers
    std::optional<std::int64_t> maximum;
    TextRule text = TextRule::any;
};
// `static http::Rules rules()` in a described struct.
using Rules = std::vector<Rule>;

inline constexpr std::int64_t text_length_max = 10'000; // where no rule says otherwise
inline constexpr std::int64_t item_count_max = 10'000;
inline constexpr std::size_t field_error_count_max = 100;

enum class Kind {
    text,
    boolean,
    integer,
    id,
    decimal,
    instant,
    local_text,
    choice,
    any,
    any_object,
    optional,
    array,
    map,
    object,
};

struct Type;
using TypeOf = const Type& (*)(); // by function, so that types may hold themselves

struct Member {
    std::string name;
    TypeOf type;
    void* (*at)(void* owner);
    Rule rule;
};

struct Type {
    Kind kind = Kind::any;
    const std::type_info* cpp = nullptr;
    TypeOf element = nullptr;    // of optional, array and map
    std::vector<Member> members; // of object
    std::vector<std::pair<std::string, std::int64_t>> choices;
    std::int64_t minimum = 0; // of integer: what the C++ type holds
    std::int64_t maximum = 0;

    std::int64_t (*number)(const void* value) = nullptr; // integer and choice
    void (*set_number)(void* value, std::int64_t number) = nullptr;
    void* (*emplace)(void* container, std::string_view key) = nullptr; // a new element of optional, array or map
    using Visit = void (*)(void* context, std::string_view key, const void* element);
    void (*each)(const void* container, void* context, Visit visit) = nullptr;

    const Member* find(std::string_view name) const;
};

// Ends what bind.h began: names without the underscore that C++ keywords need, rules beside their members.
void settle(Type& type, const Rules& rules);

// Reads and checks `value` into the object at `target`. All that is wrong is added to `errors`; `path` is the JSON
// pointer of the value, restored on return.
void read(const Type& type, const Rule& rule, const boost::json::value& value, void* target, std::string& path,
    std::vector<FieldError>& errors);
// The same from the text of a path segment or query parameter; types that no plain text can hold are read from JSON.
void read_text(const Type& type, const Rule& rule, std::string_view text, void* target, std::string& path,
    std::vector<FieldError>& errors);
// Appends JSON.
void write(const Type& type, const void* value, std::string& out);

void add_field_error(std::vector<FieldError>& errors, std::string_view path, std::string_view code, LocalText message);

// The schemas of named types, by their names in OpenAPI's components.
class Components {
  public:
    // The schema of a type: a reference where it has a name.
    boost::json::object schema_of(const Type& type, const Rule& rule = {});
    // The schema of some of an object's members, under a name of its own.
    boost::json::object schema_of_members(
        const Type& type, const std::vector<const Member*>& members, std::string_view suffix);
    // Adds a ready schema.
    boost::json::object add(std::string_view name, boost::json::object schema);
    const std::map<std::string, boost::json::object>& schemas() const { return schemas_; }

  private:
    std::string name_of(const Type& type);
    boost::json::object object_schema(const std::vector<const Member*>& members);

    std::map<const std::type_info*, std::string> names_;
    std::map<std::string, boost::json::object> schemas_;
};

} // namespace onefold::http
