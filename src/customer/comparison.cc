#include "customer/comparison.h"

#include "core/time.h"
#include "identity/identifier.h"

#include <algorithm>

namespace onefold::customer {
namespace {

// Integers and texts only; all places of a side have the same shape.
std::strong_ordering order_of(const store::Values& a, const store::Values& b) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const auto* left = std::get_if<std::int64_t>(&a[i]);
        const auto* right = std::get_if<std::int64_t>(&b[i]);
        const auto order =
            left && right ? *left <=> *right : std::get<std::string>(a[i]) <=> std::get<std::string>(b[i]);
        if (order != std::strong_ordering::equal)
            return order;
    }
    return a.size() <=> b.size();
}

// One side of the comparison: the item at hand, and those behind it in its page.
class Side {
  public:
    Side(const Pages& pages, store::Values before_first) : pages_(pages), last_(std::move(before_first)) {}

    Result<const Item*> head() {
        if (at_ == page_.size() && !is_over_) {
            page_ = TRY(pages_(last_));
            at_ = 0;
            is_over_ = page_.empty();
            if (!is_over_)
                last_ = page_.back().place;
        }
        return is_over_ ? nullptr : &page_[at_];
    }
    bool is_at_page() const { return at_ == 0; }
    void pop() { ++at_; }

  private:
    const Pages& pages_;
    store::Values last_;
    std::vector<Item> page_;
    std::size_t at_ = 0;
    bool is_over_ = false;
};

const std::string* field_of(const Line& line, const std::string& name) {
    const auto found = std::ranges::find(line.fields, name, &std::pair<std::string, std::string>::first);
    return found == line.fields.end() ? nullptr : &found->second;
}

std::optional<std::string> text_of(const std::string* text) {
    return text ? std::optional(*text) : std::nullopt;
}

const std::vector<Line> nothing;

} // namespace

void Comparer::count(std::string_view what, std::int64_t live, std::int64_t rebuilt) {
    auto found = std::ranges::find(comparison_.counts, what, &Comparison::Count::what);
    if (found == comparison_.counts.end())
        found = comparison_.counts.insert(found, {std::string(what), 0, 0});
    found->live += live;
    found->rebuilt += rebuilt;
}

void Comparer::tell(Difference difference) {
    ++comparison_.differences;
    if (comparison_.first_differences.size() < Comparison::told_max)
        comparison_.first_differences.push_back(std::move(difference));
}

std::string Comparer::key_of(const Line& line) const {
    if (line.sealed.empty() || comparison_.first_differences.size() >= Comparison::told_max)
        return line.key;
    const auto* type = identity::find_identifier_type(line.type);
    const auto value = keys_.open_sealed("identifier", line.type, line.sealed);
    return type && !type->is_secret && value ? fmt::format("{} = {}", line.key, *value) : line.key;
}

Result<> Comparer::compare(const Pages& live, const Pages& rebuilt, const store::Values& before_first) {
    Side left(live, before_first), right(rebuilt, before_first);
    for (;;) {
        const Item* a = TRY(left.head());
        const Item* b = TRY(right.head());
        if (!a && !b)
            return {};
        if (left.is_at_page() || right.is_at_page())
            TRY(go_on_());
        const auto order = !a   ? std::strong_ordering::greater
                           : !b ? std::strong_ordering::less
                                : order_of(a->place, b->place);
        compare(order <= 0 ? a->lines : nothing, order >= 0 ? b->lines : nothing);
        if (order <= 0)
            left.pop();
        if (order >= 0)
            right.pop();
    }
}

void Comparer::compare(const std::vector<Line>& live, const std::vector<Line>& rebuilt) {
    auto a = live.begin();
    auto b = rebuilt.begin();
    while (a != live.end() || b != rebuilt.end()) {
        const auto order = a == live.end()      ? std::strong_ordering::greater
                           : b == rebuilt.end() ? std::strong_ordering::less
                                                : std::tie(a->what, a->key) <=> std::tie(b->what, b->key);
        if (order == 0)
            compare(*a, *b);
        else if (order < 0)
            tell({a->what, key_of(*a), "", "", std::nullopt});
        else
            tell({b->what, key_of(*b), "", std::nullopt, ""});
        count(order <= 0 ? a->what : b->what, order <= 0, order >= 0);
        if (order <= 0)
            ++a;
        if (order >= 0)
            ++b;
    }
}

void Comparer::compare(const Line& live, const Line& rebuilt) {
    if (live.fields == rebuilt.fields)
        return;
    for (const auto& [name, text] : live.fields)
        if (const std::string* other = field_of(rebuilt, name); !other || *other != text)
            tell({live.what, key_of(live), name, text, text_of(other)});
    for (const auto& [name, text] : rebuilt.fields)
        if (!field_of(live, name))
            tell({live.what, key_of(live), name, std::nullopt, text});
}

std::string source_name(const source::Sources& sources, SourceId id) {
    const auto source = sources.get(id);
    return source ? source->name : fmt::format("source {}", id.value);
}

std::string node_words(
    const source::Sources& sources, SourceId source, std::string_view kind, std::string_view subject_key) {
    return fmt::format("{} {} {}", source_name(sources, source), kind, subject_key);
}

std::string time_words(std::int64_t micros) {
    return micros == micros_of(Instant::min()) ? "never" : to_rfc3339(instant_of(micros));
}
std::string time_words(const store::Row& row, int column) {
    return row.is_null(column) ? "" : time_words(row.integer(column));
}

Result<Comparison> compare_customers(
    const ComparedRooms& rooms, store::Session& live, store::Session& rebuilt, const std::function<Result<>()>& go_on) {
    Comparer comparer(rooms.keys, go_on);
    const std::string none;
    const std::int64_t zero = 0;
    TRY(comparer.compare(node_pages(rooms, live), node_pages(rooms, rebuilt), {zero, none, none}));
    TRY(comparer.compare(order_pages(rooms, live), order_pages(rooms, rebuilt), {none, none}));
    TRY(comparer.compare(statement_pages(rooms, live), statement_pages(rooms, rebuilt), {none, none, zero}));
    TRY(comparer.compare(problem_pages(rooms, live), problem_pages(rooms, rebuilt), {zero, zero}));
    TRY(live.each("SELECT c.id FROM customer c WHERE c.state = 'active' AND NOT EXISTS (SELECT 1 FROM node n WHERE "
                  "n.customer_id = c.id) ORDER BY c.id",
        {}, [&](const store::Row& row) -> Result<> {
            comparer.tell({"customer", fmt::format("customer {} of no record", row.integer(0)), "", "", std::nullopt});
            return {};
        }));
    return std::move(comparer).done();
}

} // namespace onefold::customer
