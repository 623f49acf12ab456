#pragma once
// From described C++ types to the contract: include this where routes are added (a room's http.cc). The templates only
// make a Type (shape.h) of each C++ type; all work is done behind it.
#include "http/contract.h"
#include "http/shape.h"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <limits>
#include <type_traits>

namespace onefold::http {

// For requests and answers without members.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

// What lists take and answer. A list's request derives from PageRequest: BOOST_DESCRIBE_STRUCT(ListUsers,
// (http::PageRequest), ()).
inline constexpr std::int64_t page_limit_default = 50;
struct PageRequest {
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static Rules rules() {
        return {{.member = "limit", .minimum = 1, .maximum = 1000}, {.member = "after", .length_max = 2000}};
    }
    std::int64_t limit_or_default() const { return limit.value_or(page_limit_default); }
};
BOOST_DESCRIBE_STRUCT(PageRequest, (), (limit, after))

template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next;
    BOOST_DESCRIBE_CLASS(Page, (), (items, next), (), ())
};

template <class T>
struct Shape {
    static const Type& type();
};

namespace binding {

template <class T>
inline constexpr bool is_id = false;
template <class Noun>
inline constexpr bool is_id<Id<Noun>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_map = false;
template <class T, class Less, class Allocator>
inline constexpr bool is_map<std::map<std::string, T, Less, Allocator>> = true;

template <class T>
inline constexpr bool has_rules = requires {
    { T::rules() } -> std::convertible_to<Rules>;
};

template <class T>
void bind_number(Type& type) {
    type.number = [](const void* value) { return std::int64_t(*static_cast<const T*>(value)); };
    type.set_number = [](void* value, std::int64_t number) { *static_cast<T*>(value) = T(number); };
}

template <class T>
void bind_container(Type& type) {
    if constexpr (is_optional<T>) {
        type.kind = Kind::optional;
        type.element = &Shape<typename T::value_type>::type;
        type.emplace = [](void* to, std::string_view) -> void* { return &static_cast<T*>(to)->emplace(); };
        type.each = [](const void* of, void* context, Type::Visit visit) {
            if (const auto& value = *static_cast<const T*>(of))
                visit(context, {}, &*value);
        };
    } else if constexpr (is_vector<T>) {
        static_assert(!std::is_same_v<typename T::value_type, bool>, "std::vector<bool> has no addressable elements");
        type.kind = Kind::array;
        type.element = &Shape<typename T::value_type>::type;
        type.emplace = [](void* to, std::string_view) -> void* { return &static_cast<T*>(to)->emplace_back(); };
        type.each = [](const void* of, void* context, Type::Visit visit) {
            for (const auto& value : *static_cast<const T*>(of))
                visit(context, {}, &value);
        };
    } else {
        type.kind = Kind::map;
        type.element = &Shape<typename T::mapped_type>::type;
        type.emplace = [](void* to, std::string_view key) -> void* {
            return &(*static_cast<T*>(to))[std::string(key)];
        };
        type.each = [](const void* of, void* context, Type::Visit visit) {
            for (const auto& [key, value] : *static_cast<const T*>(of))
                visit(context, key, &value);
        };
    }
}

template <class T>
void bind_enum(Type& type) {
    type.kind = Kind::choice;
    bind_number<T>(type);
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto entry) { type.choices.emplace_back(entry.name, std::int64_t(entry.value)); });
}

template <class T>
void collect_rules(Rules& rules) {
    boost::mp11::mp_for_each<boost::describe::describe_bases<T, boost::describe::mod_public>>(
        [&](auto base) { collect_rules<typename decltype(base)::type>(rules); });
    if constexpr (has_rules<T>)
        for (const auto& rule : T::rules())
            rules.push_back(rule);
}

template <class T>
void bind_struct(Type& type, Rules& rules) {
    namespace describe = boost::describe;
    type.kind = Kind::object;
    boost::mp11::mp_for_each<describe::describe_members<T, describe::mod_public | describe::mod_inherited>>(
        [&](auto entry) {
            using Entry = decltype(entry);
            using Value = std::remove_cvref_t<decltype(std::declval<T&>().*Entry::pointer)>;
            type.members.push_back({Entry::name, &Shape<Value>::type,
                [](void* owner) -> void* { return &(static_cast<T*>(owner)->*Entry::pointer); }, {}});
        });
    collect_rules<T>(rules);
}

} // namespace binding

template <class T>
const Type& Shape<T>::type() {
    static const Type made = [] {
        Type type;
        Rules rules;
        type.cpp = &typeid(T);
        if constexpr (std::is_same_v<T, std::string>) {
            type.kind = Kind::text;
        } else if constexpr (std::is_same_v<T, bool>) {
            type.kind = Kind::boolean;
        } else if constexpr (std::is_integral_v<T>) {
            static_assert(std::is_signed_v<T> || sizeof(T) < sizeof(std::int64_t), "use std::int64_t");
            type.kind = Kind::integer;
            type.minimum = std::int64_t(std::numeric_limits<T>::min());
            type.maximum = std::int64_t(std::numeric_limits<T>::max());
            binding::bind_number<T>(type);
        } else if constexpr (binding::is_id<T>) {
            static_assert(std::is_standard_layout_v<T> && sizeof(T) == sizeof(std::int64_t));
            type.kind = Kind::id;
        } else if constexpr (std::is_same_v<T, Decimal>) {
            type.kind = Kind::decimal;
        } else if constexpr (std::is_same_v<T, Instant>) {
            type.kind = Kind::instant;
        } else if constexpr (std::is_same_v<T, LocalText>) {
            type.kind = Kind::local_text;
        } else if constexpr (std::is_same_v<T, boost::json::value>) {
            type.kind = Kind::any;
        } else if constexpr (std::is_same_v<T, boost::json::object>) {
            type.kind = Kind::any_object;
        } else if constexpr (binding::is_optional<T> || binding::is_vector<T> || binding::is_map<T>) {
            binding::bind_container<T>(type);
        } else if constexpr (std::is_enum_v<T>) {
            binding::bind_enum<T>(type);
        } else {
            static_assert(boost::describe::has_describe_members<T>::value, "describe this type: BOOST_DESCRIBE_STRUCT");
            binding::bind_struct<T>(type, rules);
        }
        settle(type, rules);
        return type;
    }();
    return made;
}

template <class Request, class Response, class Handler>
void Contract::add(Spec spec, Handler handler) {
    Binding binding;
    binding.request = &Shape<Request>::type;
    if constexpr (!std::is_void_v<Response>)
        binding.response = &Shape<Response>::type;
    binding.make_request = []() -> std::shared_ptr<void> { return std::make_shared<Request>(); };
    binding.handle = [handler = std::move(handler)](
                         const Caller& caller, const void* input, Answer& answer) -> Result<Written> {
        const auto& request = *static_cast<const Request*>(input);
        Result<Response> result = [&]() -> Result<Response> {
            if constexpr (std::is_invocable_v<const Handler&, const Caller&, const Request&, Answer&>)
                return handler(caller, request, answer);
            else
                return handler(caller, request);
        }();
        if (!result)
            return fail(std::move(result).error());
        if constexpr (std::is_void_v<Response>)
            return Written{};
        else
            return written(Shape<Response>::type(), &*result);
    };
    add_typed(std::move(spec), std::move(binding));
}

} // namespace onefold::http
