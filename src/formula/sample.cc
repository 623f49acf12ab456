#include "formula/sample.h"

#include "core/text.h"
#include "formula/expression.h"

#include <deque>
#include <map>
#include <set>

namespace onefold::formula {
namespace {

namespace json = boost::json;

Failure bad_record(const LocalText& message) {
    return fail(ErrorKind::invalid, "formula.bad_record", message);
}

// As Decimal writes it, but for zeros behind the point.
std::optional<Decimal> number_in(std::string_view text) {
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const bool has_idle_zero = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
    if (digits.empty() || digits.front() < '0' || digits.front() > '9' || digits.back() == '.' || has_idle_zero)
        return std::nullopt;
    const auto number = Decimal::parse(text);
    return number ? std::optional(*number) : std::nullopt;
}

std::optional<Instant> instant_in(std::string_view text, const Zone& zone) {
    if (text.size() < 16 || text.size() > 40 || !parse_date(text.substr(0, 10)))
        return std::nullopt;
    const auto at = parse_time(text, zone);
    return at ? std::optional(*at) : std::nullopt;
}

Kind kind_of(const json::value& value, const Zone& zone) {
    if (value.is_bool())
        return Kind::truth;
    if (value.is_number())
        return Kind::number;
    if (value.is_object())
        return Kind::record;
    if (!value.is_string())
        return Kind::blank;
    const std::string_view text = value.get_string();
    if (number_in(text))
        return Kind::number;
    if (parse_date(text))
        return Kind::date;
    return instant_in(text, zone) ? Kind::instant : Kind::text;
}

class Inferred;
struct Column {
    std::size_t slot = 0, text_slot = 0;
    std::set<Kind> kinds; // that were met
    bool is_all_text = true, is_list = false, is_single = false;
    std::unique_ptr<Inferred> target;
    Type type;
};

// What there is, once all of a kind were seen.
class Inferred : public Shape {
  public:
    explicit Inferred(const Zone& zone) : zone_(zone) {}

    void meet(const json::object& object) {
        is_met_ = true;
        for (const auto& [key, value] : object)
            meet(columns_[std::string(key)], value);
    }

    Result<void> settle() {
        if (!open_)
            open_ = std::make_unique<Inferred>(zone_);
        for (auto& [name, column] : columns_) {
            column.slot = slots_++;
            column.text_slot = slots_++;
            const auto type = type_of(column);
            if (!type)
                return bad_record(
                    {fmt::format("The field “{}” holds values of different kinds.", beginning_of(name, 60)),
                        fmt::format("字段“{}”的值类型不一致。", beginning_of(name, 60))});
            column.type = *type;
            if (column.target)
                TRY(column.target->settle());
        }
        return {};
    }

    std::optional<Slot> find(std::string_view name) const override {
        const auto found = columns_.find(name);
        if (found == columns_.end())
            return is_met_ ? std::nullopt : std::optional(Slot{0, {}, this});
        const Column& column = found->second;
        Slot slot{column.slot, column.type, column.target.get()};
        if (column.type.kind == Kind::blank)
            slot.target = open_.get();
        const bool is_read =
            column.type.kind == Kind::number || column.type.kind == Kind::date || column.type.kind == Kind::instant;
        if (is_read && column.is_all_text)
            slot.text = column.text_slot;
        return slot;
    }
    std::vector<std::string> names() const override {
        std::vector<std::string> names;
        for (const auto& [name, column] : columns_)
            names.push_back(name);
        return names;
    }

    const std::map<std::string, Column, std::less<>>& columns() const { return columns_; }
    std::size_t slots() const { return slots_; }

  private:
    void meet(Column& column, const json::value& value) {
        const auto* array = value.if_array();
        column.is_list = column.is_list || array;
        column.is_single = column.is_single || (!array && !value.is_null());
        for (const json::value& one : array ? std::span<const json::value>(*array) : std::span(&value, 1)) {
            const Kind kind = kind_of(one, zone_);
            if (kind != Kind::blank)
                column.kinds.insert(kind);
            column.is_all_text = column.is_all_text && (one.is_string() || one.is_null());
            if (one.is_array())
                column.kinds.insert({Kind::list, Kind::text}); // a list in a list: refused
            if (const auto* object = one.if_object()) {
                if (!column.target)
                    column.target = std::make_unique<Inferred>(zone_);
                column.target->meet(*object);
            }
        }
        if (array && array->empty() && !column.target)
            column.is_all_text = false;
    }

    std::optional<Type> type_of(Column& column) const {
        if (column.is_list && column.is_single)
            return std::nullopt;
        const auto& kinds = column.kinds;
        Kind kind = kinds.empty() ? Kind::blank : *kinds.begin();
        if (kinds.size() > 1) {
            if (kinds == std::set{Kind::date, Kind::instant})
                kind = Kind::instant;
            else if (column.is_all_text)
                kind = Kind::text;
            else
                return std::nullopt;
        }
        if (kind == Kind::record || (column.is_list && kind == Kind::blank)) { // an empty array may be of records
            if (!column.target)
                column.target = std::make_unique<Inferred>(zone_);
            return Type{column.is_list ? Kind::records : Kind::record};
        }
        return column.is_list ? list_of(kind) : Type{kind};
    }

    const Zone& zone_;
    std::map<std::string, Column, std::less<>> columns_;
    std::unique_ptr<Inferred> open_; // what is behind a blank: anything, blank
    std::size_t slots_ = 0;
    bool is_met_ = false;
};

class SampleRecord : public Record {
  public:
    explicit SampleRecord(std::size_t slots) : values_(slots), related_(slots), records_(slots) {}
    Value value(std::size_t slot) const override { return values_[slot]; }
    const Record* related(std::size_t slot) const override { return related_[slot]; }
    std::span<const Record* const> records(std::size_t slot) const override { return records_[slot]; }

    std::vector<Value> values_;
    std::vector<const Record*> related_;
    std::vector<std::vector<const Record*>> records_;
};

} // namespace

struct Sample::Content {
    Zone zone;
    Inferred shape{zone};
    std::deque<SampleRecord> records;
    std::deque<std::string> texts;
    std::deque<std::vector<Value>> lists;

    Result<Value> value_of(const json::value& value, Kind kind) {
        if (value.is_null())
            return Value();
        if (value.is_bool())
            return Value(value.get_bool());
        if (value.is_number()) {
            const auto literal = TRY(parse_json(json::object{{"value", value}}));
            return Value(std::get<Decimal>(std::get<Literal>(literal.part)));
        }
        const std::string_view text = value.get_string();
        if (kind == Kind::number)
            return Value(*number_in(text));
        if (kind == Kind::date)
            return Value(*parse_date(text));
        if (kind == Kind::instant) {
            const auto day = parse_date(text);
            return Value(day ? Moment{{}, zone}.start_of(*day) : *instant_in(text, zone));
        }
        return Value(std::string_view(texts.emplace_back(text)));
    }

    Result<const Record*> record_of(const json::object& object, const Inferred& kind) {
        SampleRecord& record = records.emplace_back(kind.slots());
        for (const auto& [name, column] : kind.columns())
            if (const auto* value = object.if_contains(name))
                TRY(fill(record, column, *value));
        return &record;
    }

    Result<void> fill(SampleRecord& record, const Column& column, const json::value& value) {
        const auto* array = value.if_array();
        if (column.type.kind == Kind::record || column.type.kind == Kind::records) {
            for (const json::value& one : array ? std::span<const json::value>(*array) : std::span(&value, 1))
                if (const auto* object = one.if_object()) {
                    const Record* next = TRY(record_of(*object, *column.target));
                    record.related_[column.slot] = next;
                    record.records_[column.slot].push_back(next);
                }
            return {};
        }
        if (array) {
            std::vector<Value> values;
            for (const json::value& one : *array)
                values.push_back(TRY(value_of(one, column.type.each)));
            record.values_[column.slot] = Value(Value::List(lists.emplace_back(std::move(values))));
            return {};
        }
        record.values_[column.slot] = TRY(value_of(value, column.type.kind));
        if (value.is_string())
            record.values_[column.text_slot] = TRY(value_of(value, Kind::text));
        return {};
    }
};

Sample::Sample(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Sample::Sample(Sample&&) noexcept = default;
Sample::~Sample() = default;

Result<Sample> Sample::read(const json::value& value, const Zone& zone) {
    if (!value.is_object())
        return bad_record({"A record is a JSON object.", "记录须为 JSON 对象。"});
    auto content = std::make_unique<Content>();
    content->zone = zone;
    content->shape.meet(value.get_object());
    TRY(content->shape.settle());
    TRY(content->record_of(value.get_object(), content->shape));
    return Sample{std::move(content)};
}

const Shape& Sample::shape() const {
    return content_->shape;
}
const Record& Sample::record() const {
    return content_->records.front();
}

} // namespace onefold::formula
