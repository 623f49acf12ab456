// Tests over columns: a field beside values, two fields, a field among values, blank fields, passages.
#include "formula/batch_parts.h"
#include "formula/batch_units.h"
#include "formula/comparison.h"
#include "formula/passage.h"
#include "formula/program.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace onefold::formula {
namespace {

using Form = Checked::Form;

bool is_own_field(const Checked& checked) {
    const Kind kind = checked.type.kind;
    const bool is_value = kind == Kind::truth || kind == Kind::number || kind == Kind::text || kind == Kind::date ||
                          kind == Kind::instant;
    return checked.form == Form::field && checked.scope == 0 && checked.path.size() == 1 && is_value;
}

bool is_of_records(const Checked& checked) {
    return checked.form == Form::field || checked.form == Form::gather ||
           std::ranges::any_of(checked.args, is_of_records);
}

// Texts that are computed lie in the run's memory, which the next evaluation takes.
bool is_same_for_all(const Checked& checked) {
    if (checked.form == Form::constant)
        return true;
    const Kind kind = checked.type.kind;
    return kind != Kind::text && kind != Kind::list && !is_of_records(checked);
}

class Nobody : public Record {
  public:
    Value value(std::size_t) const override { return {}; }
    const Record* related(std::size_t) const override { return nullptr; }
    std::span<const Record* const> records(std::size_t) const override { return {}; }
};

class SameForAll {
  public:
    explicit SameForAll(const Checked& checked) : program_(compile(checked)) {}
    Value value(Run& run) const { return program_.evaluate(run, Nobody{}); }

  private:
    Program program_;
};

// Neither holds nor fails.
class BoundOpen : public Bound {
  public:
    void decide(const Block&, const Mask&, Verdict& verdict) override { verdict = {}; }
};

class BoundRange : public Bound {
  public:
    BoundRange(const Column& column, Range range)
        : column_(column),
          is_outside_(range.is_outside),
          is_empty_(range.first > range.last || range.first > units_max || range.last < units_min) {
        if (is_empty_)
            return;
        const auto first = std::int64_t(std::max(range.first, units_min));
        first_ = std::uint64_t(first);
        width_ = std::uint64_t(std::min(range.last, units_max)) - first_;
    }
    void decide(const Block& block, const Mask&, Verdict& verdict) override {
        const std::int64_t* const units = column_.whole.data();
        const Mask blanks = blanks_of(column_, block);
        const auto [first, width, is_outside, is_empty] = std::tuple(first_, width_, is_outside_, is_empty_);
        if (is_empty)
            tell(block, blanks, verdict, [&](std::size_t) { return is_outside; });
        else if (is_outside)
            tell(block, blanks, verdict, [&](std::size_t i) { return std::uint64_t(units[i]) - first > width; });
        else
            tell(block, blanks, verdict, [&](std::size_t i) { return std::uint64_t(units[i]) - first <= width; });
    }

  private:
    Column column_;
    bool is_outside_, is_empty_;
    std::uint64_t first_ = 0, width_ = 0;
};

bool accepts(Operator op, std::strong_ordering order) {
    switch (op) {
    case Operator::equal:
        return order == 0;
    case Operator::not_equal:
        return order != 0;
    case Operator::less:
        return order < 0;
    case Operator::less_equal:
        return order <= 0;
    case Operator::greater:
        return order > 0;
    default:
        return order >= 0;
    }
}

// A test that is a function of one column's texts.
template <class Holds>
class BoundText : public Bound {
  public:
    BoundText(const Column& column, Holds holds) : column_(column), holds_(std::move(holds)) {}
    void decide(const Block& block, const Mask&, Verdict& verdict) override {
        const std::string_view* const texts = column_.texts.data();
        const Mask blanks = blanks_of(column_, block);
        tell(block, blanks, verdict, [&](std::size_t i) { return holds_(texts[i]); });
    }

  private:
    Column column_;
    Holds holds_;
};
template <class Holds>
BoundTest of_texts(const Column& column, Holds holds) {
    return std::make_unique<BoundText<Holds>>(column, std::move(holds));
}

const Column& column_at(const Columns& columns, const Shape::Slot& slot) {
    VERIFY(slot.number < columns.fields.size());
    const Column& column = columns.fields[slot.number];
    VERIFY(column.kind == slot.type.kind);
    VERIFY((column.kind == Kind::text ? column.texts.size() : column.whole.size()) >= columns.records);
    VERIFY(column.blanks.empty() || column.blanks.size() * 64 >= columns.records);
    return column;
}

class BesideValue : public Test {
  public:
    BesideValue(const Checked& field, Operator op, const Checked& value)
        : slot_(field.path.front()), op_(op), value_(value) {}
    BoundTest bind(Run& run, const Columns& columns) const override {
        const Column& column = column_at(columns, slot_);
        const Value value = value_.value(run);
        if (value.is_blank() || value.is_error())
            return std::make_unique<BoundOpen>();
        const auto* text = value.as<std::string_view>();
        if (!text)
            return std::make_unique<BoundRange>(column, range_of(op_, place_of(value, column)));
        if (op_ == Operator::equal)
            return of_texts(column, [text = *text](std::string_view one) { return one == text; });
        if (op_ == Operator::not_equal)
            return of_texts(column, [text = *text](std::string_view one) { return one != text; });
        return of_texts(
            column, [text = *text, op = op_](std::string_view one) { return accepts(op, one.compare(text) <=> 0); });
    }

  private:
    Shape::Slot slot_;
    Operator op_;
    SameForAll value_;
};

// Two columns of one kind; a record counts where neither is blank.
class BoundPair : public Bound {
  public:
    BoundPair(const Column& left, Operator op, const Column& right) : left_(left), right_(right), op_(op) {
        for (int scale = left.scale; scale < right.scale; ++scale)
            raise_left_ *= 10;
        for (int scale = right.scale; scale < left.scale; ++scale)
            raise_right_ *= 10;
    }
    void decide(const Block& block, const Mask&, Verdict& verdict) override {
        Mask blanks = blanks_of(left_, block);
        const Mask others = blanks_of(right_, block);
        for (std::size_t word = 0; word < block_words; ++word)
            blanks[word] |= others[word];
        if (left_.kind == Kind::text)
            return tell(block, blanks, verdict,
                [&](std::size_t i) { return accepts(op_, left_.texts[i].compare(right_.texts[i]) <=> 0); });
        tell(block, blanks, verdict, [&](std::size_t i) {
            return accepts(op_, left_.whole[i] * raise_left_ <=> right_.whole[i] * raise_right_);
        });
    }

  private:
    Column left_, right_;
    Operator op_;
    Units raise_left_ = 1, raise_right_ = 1;
};

class BesideField : public Test {
  public:
    BesideField(const Checked& left, Operator op, const Checked& right)
        : left_(left.path.front()), right_(right.path.front()), op_(op) {}
    BoundTest bind(Run&, const Columns& columns) const override {
        return std::make_unique<BoundPair>(column_at(columns, left_), op_, column_at(columns, right_));
    }

  private:
    Shape::Slot left_, right_;
    Operator op_;
};

class BoundAmong : public Bound {
  public:
    BoundAmong(const Column& column, std::vector<Value> values, bool has_unknown)
        : column_(column), has_unknown_(has_unknown) {
        for (const Value& value : values)
            if (const auto* text = value.as<std::string_view>())
                texts_.insert(*text);
            else if (const Place place = place_of(value, column);
                place.is_exact && place.floor >= units_min && place.floor <= units_max)
                units_.push_back(std::int64_t(place.floor));
        std::ranges::sort(units_);
        few_.assign(texts_.begin(), texts_.end());
    }
    void decide(const Block& block, const Mask&, Verdict& verdict) override {
        const Mask blanks = blanks_of(column_, block);
        if (column_.kind != Kind::text)
            tell(block, blanks, verdict, [&](std::size_t i) { return has(column_.whole[i]); });
        else if (few_.size() <= few_max)
            tell(block, blanks, verdict,
                [&](std::size_t i) { return std::ranges::find(few_, column_.texts[i]) != few_.end(); });
        else
            tell(block, blanks, verdict, [&](std::size_t i) { return texts_.contains(column_.texts[i]); });
        if (has_unknown_)
            verdict.fails = {};
    }

  private:
    bool has(std::int64_t units) const {
        return units_.size() <= few_max ? std::ranges::find(units_, units) != units_.end()
                                        : std::ranges::binary_search(units_, units);
    }
    static constexpr std::size_t few_max = 8;
    Column column_;
    bool has_unknown_;
    std::vector<std::int64_t> units_;
    std::unordered_set<std::string_view> texts_;
    std::vector<std::string_view> few_;
};

class Among : public Test {
  public:
    Among(const Checked& field, std::vector<SameForAll> members)
        : slot_(field.path.front()), members_(std::move(members)) {}
    BoundTest bind(Run& run, const Columns& columns) const override {
        std::vector<Value> values;
        bool has_unknown = false;
        for (const SameForAll& member : members_) {
            const Value value = member.value(run);
            const bool is_unknown = value.is_blank() || value.is_error();
            has_unknown = has_unknown || is_unknown;
            if (!is_unknown)
                values.push_back(value);
        }
        return std::make_unique<BoundAmong>(column_at(columns, slot_), std::move(values), has_unknown);
    }

  private:
    Shape::Slot slot_;
    std::vector<SameForAll> members_;
};

class BoundBlank : public Bound {
  public:
    explicit BoundBlank(const Column& column) : column_(column) {}
    void decide(const Block& block, const Mask&, Verdict& verdict) override {
        verdict.holds = {};
        if (column_.kind == Kind::text)
            fill(block, verdict.holds, [&](std::size_t i) { return column_.texts[i].empty(); });
        const Mask blanks = blanks_of(column_, block);
        for (std::size_t word = 0; word < block_words; ++word) {
            verdict.holds[word] |= blanks[word];
            verdict.fails[word] = ~verdict.holds[word];
        }
    }

  private:
    Column column_;
};

class IsBlank : public Test {
  public:
    explicit IsBlank(const Checked& field) : slot_(field.path.front()) {}
    BoundTest bind(Run&, const Columns& columns) const override {
        return std::make_unique<BoundBlank>(column_at(columns, slot_));
    }

  private:
    Shape::Slot slot_;
};

class IsTrue : public Test {
  public:
    explicit IsTrue(const Checked& field) : slot_(field.path.front()) {}
    BoundTest bind(Run&, const Columns& columns) const override {
        return std::make_unique<BoundRange>(column_at(columns, slot_), Range{0, 0, true});
    }

  private:
    Shape::Slot slot_;
};

class Contains : public Test {
  public:
    Contains(const Checked& field, const Checked& part) : slot_(field.path.front()), part_(part) {}
    BoundTest bind(Run& run, const Columns& columns) const override {
        const Value part = part_.value(run);
        if (part.is_blank())
            return std::make_unique<BoundOpen>();
        return of_texts(column_at(columns, slot_),
            [passage = Passage(part.get<std::string_view>())](std::string_view text) { return passage.is_in(text); });
    }

  private:
    Shape::Slot slot_;
    SameForAll part_;
};

TestPart comparison(const Checked& checked) {
    const Checked &left = checked.args[0], &right = checked.args[1];
    if (is_own_field(left) && is_own_field(right))
        return std::make_unique<BesideField>(left, checked.op, right);
    if (is_own_field(left) && is_same_for_all(right))
        return std::make_unique<BesideValue>(left, checked.op, right);
    if (is_own_field(right) && is_same_for_all(left))
        return std::make_unique<BesideValue>(right, mirrored(checked.op), left);
    return nullptr;
}

TestPart membership(const Checked& checked) {
    const bool is_of_list =
        checked.args.size() == 2 && checked.args[1].op == Operator::list && checked.args[1].form == Form::call;
    const std::span<const Checked> members =
        is_of_list ? std::span(checked.args[1].args) : std::span(checked.args).subspan(1);
    if (!is_own_field(checked.args[0]) || members.empty() || !std::ranges::all_of(members, is_same_for_all))
        return nullptr;
    std::vector<SameForAll> values(members.begin(), members.end());
    return std::make_unique<Among>(checked.args[0], std::move(values));
}

} // namespace

TestPart column_test(const Checked& checked) {
    if (is_own_field(checked) && checked.type.kind == Kind::truth)
        return std::make_unique<IsTrue>(checked);
    if (checked.form != Form::call)
        return nullptr;
    switch (checked.op) {
    case Operator::equal:
    case Operator::not_equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
        return comparison(checked);
    case Operator::in:
        return membership(checked);
    case Operator::blank:
        return is_own_field(checked.args[0]) ? std::make_unique<IsBlank>(checked.args[0]) : nullptr;
    case Operator::contains: {
        const bool is_plain = is_own_field(checked.args[0]) && checked.args[1].form == Form::constant;
        return is_plain ? std::make_unique<Contains>(checked.args[0], checked.args[1]) : nullptr;
    }
    default:
        return nullptr;
    }
}

} // namespace onefold::formula
