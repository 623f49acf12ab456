#include "formula/batch.h"

#include "formula/batch_parts.h"
#include "formula/program.h"

#include <algorithm>
#include <bit>

namespace onefold::formula {
namespace {

using Form = Checked::Form;

bool is_any(const Mask& mask) {
    return std::ranges::any_of(mask, [](std::uint64_t word) { return word != 0; });
}

// AND, and OR as AND of what is turned round.
class BoundJoined : public Bound {
  public:
    BoundJoined(bool decides, std::vector<BoundTest> parts) : decides_(decides), parts_(std::move(parts)) {}
    void decide(const Block& block, const Mask& wanted, Verdict& verdict) override {
        Mask open = wanted, all = wanted;
        Verdict one;
        for (const BoundTest& part : parts_) {
            part->decide(block, open, one);
            const Mask& deciding = decides_ ? one.holds : one.fails;
            const Mask& going_on = decides_ ? one.fails : one.holds;
            for (std::size_t word = 0; word < block_words; ++word) {
                open[word] &= ~deciding[word];
                all[word] &= going_on[word];
            }
            if (!is_any(open))
                break;
        }
        for (std::size_t word = 0; word < block_words; ++word) {
            const std::uint64_t decided = wanted[word] & ~open[word];
            verdict.holds[word] = decides_ ? decided : all[word] & open[word];
            verdict.fails[word] = decides_ ? all[word] & open[word] : decided;
        }
    }

  private:
    bool decides_; // what one of the parts decides for all
    std::vector<BoundTest> parts_;
};

class Joined : public Test {
  public:
    Joined(bool decides, std::vector<TestPart> parts) : decides_(decides), parts_(std::move(parts)) {
        std::ranges::stable_partition(parts_, [](const TestPart& part) { return part->is_over_columns(); });
    }
    BoundTest bind(Run& run, const Columns& columns) const override {
        std::vector<BoundTest> bound;
        for (const TestPart& part : parts_)
            bound.push_back(part->bind(run, columns));
        return std::make_unique<BoundJoined>(decides_, std::move(bound));
    }
    bool is_over_columns() const override {
        return std::ranges::all_of(parts_, [](const TestPart& part) { return part->is_over_columns(); });
    }

  private:
    bool decides_;
    std::vector<TestPart> parts_;
};

class BoundNot : public Bound {
  public:
    explicit BoundNot(BoundTest of) : of_(std::move(of)) {}
    void decide(const Block& block, const Mask& wanted, Verdict& verdict) override {
        of_->decide(block, wanted, verdict);
        std::swap(verdict.holds, verdict.fails);
    }

  private:
    BoundTest of_;
};

class Not : public Test {
  public:
    explicit Not(TestPart of) : of_(std::move(of)) {}
    BoundTest bind(Run& run, const Columns& columns) const override {
        return std::make_unique<BoundNot>(of_->bind(run, columns));
    }
    bool is_over_columns() const override { return of_->is_over_columns(); }

  private:
    TestPart of_;
};

class OneOfColumns : public Record {
  public:
    explicit OneOfColumns(std::span<const Column> fields) : fields_(fields) {}
    void move_to(std::size_t index) { index_ = index; }
    Value value(std::size_t slot) const override {
        VERIFY(slot < fields_.size());
        const Column& column = fields_[slot];
        if (!column.blanks.empty() && column.blanks[index_ / 64] >> (index_ % 64) & 1)
            return {};
        switch (column.kind) {
        case Kind::text:
            return Value(column.texts[index_]);
        case Kind::number:
            return Value(Decimal::of_scaled(column.whole[index_], column.scale));
        case Kind::date:
            return Value(Date{std::chrono::days{column.whole[index_]}});
        case Kind::instant:
            return Value(Instant{std::chrono::microseconds{column.whole[index_]}});
        default:
            return Value(column.whole[index_] != 0);
        }
    }
    const Record* related(std::size_t) const override { return nullptr; }
    std::span<const Record* const> records(std::size_t) const override { return {}; }

  private:
    std::span<const Column> fields_;
    std::size_t index_ = 0;
};

class BoundByRecord : public Bound {
  public:
    BoundByRecord(const Program& program, Run& run, const Columns& columns)
        : program_(program), run_(run), whole_(columns.whole), one_(columns.fields) {}
    void decide(const Block& block, const Mask& wanted, Verdict& verdict) override {
        verdict = {};
        for (std::size_t word = 0; word < block_words; ++word)
            for (std::uint64_t rest = wanted[word]; rest != 0; rest &= rest - 1) {
                const auto bit = std::size_t(std::countr_zero(rest));
                const Value value = program_.evaluate(run_, record(block.first + word * 64 + bit));
                if (const auto* truth = value.as<bool>())
                    (*truth ? verdict.holds : verdict.fails)[word] |= std::uint64_t(1) << bit;
            }
    }

  private:
    const Record& record(std::size_t index) {
        if (whole_)
            return whole_->record(index);
        one_.move_to(index);
        return one_;
    }
    const Program& program_;
    Run& run_;
    const Records* whole_;
    OneOfColumns one_;
};

class ByRecord : public Test {
  public:
    explicit ByRecord(const Checked& checked) : program_(compile(checked)) {}
    BoundTest bind(Run& run, const Columns& columns) const override {
        return std::make_unique<BoundByRecord>(program_, run, columns);
    }
    bool is_over_columns() const override { return false; }

  private:
    Program program_;
};

TestPart test_of(const Checked& checked) {
    const bool is_call = checked.form == Form::call;
    if (is_call && (checked.op == Operator::and_ || checked.op == Operator::or_)) {
        std::vector<TestPart> parts;
        for (const Checked& arg : checked.args)
            parts.push_back(test_of(arg));
        return std::make_unique<Joined>(checked.op == Operator::or_, std::move(parts));
    }
    if (is_call && checked.op == Operator::not_)
        return std::make_unique<Not>(test_of(checked.args[0]));
    TestPart over_columns = column_test(checked);
    return over_columns ? std::move(over_columns) : std::make_unique<ByRecord>(checked);
}

Mask all_of(const Block& block) {
    Mask mask{};
    for (std::size_t word = 0; word * 64 < block.count; ++word) {
        const std::size_t left = block.count - word * 64;
        mask[word] = left >= 64 ? ~std::uint64_t(0) : (std::uint64_t(1) << left) - 1;
    }
    return mask;
}

} // namespace

Verdicts Batch::decide(Run& run, const Columns& columns) const {
    const std::size_t words = (columns.records + 63) / 64;
    Verdicts verdicts{std::vector<std::uint64_t>(words), std::vector<std::uint64_t>(words)};
    const BoundTest bound = root_->bind(run, columns);
    Verdict verdict;
    for (Block block{0, 0}; block.first < columns.records; block.first += block_records) {
        block.count = std::min(block_records, columns.records - block.first);
        const Mask wanted = all_of(block);
        bound->decide(block, wanted, verdict);
        for (std::size_t word = 0; word * 64 < block.count; ++word) {
            verdicts.holds[block.first / 64 + word] = verdict.holds[word] & wanted[word];
            verdicts.fails[block.first / 64 + word] = verdict.fails[word] & wanted[word];
        }
    }
    return verdicts;
}

bool Batch::is_over_columns() const {
    return root_->is_over_columns();
}

Batch compile_batch(const Checked& condition) {
    Batch batch;
    batch.root_ = test_of(condition);
    return batch;
}

} // namespace onefold::formula
