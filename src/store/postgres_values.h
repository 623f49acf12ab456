#pragma once
// Values on their way to PostgreSQL and back.
#include "store/store.h"

#include <array>
#include <string>
#include <vector>

typedef struct pg_result PGresult;

namespace onefold::store {

// The type that a value is sent as; 0 for NULL, where the server chooses. NaN is NULL, as in SQLite.
unsigned type_of(const Value& value);
std::vector<unsigned> types_of(const Values& values);

// A row of values in the binary format. The values must outlive it.
class Parameters {
  public:
    explicit Parameters(const Values& values);
    Parameters(const Parameters&) = delete;
    int count() const { return static_cast<int>(pointers_.size()); }
    const char* const* pointers() const { return pointers_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }

  private:
    std::vector<std::array<char, 8>> numbers_;
    std::vector<const char*> pointers_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

// One row of an answer in the text format.
class PostgresRow final : public Row {
  public:
    explicit PostgresRow(const PGresult& answer) : answer_(answer) {}
    void move_to(int row) {
        row_ = row;
        blobs_.clear();
    }
    int columns() const override;
    bool is_null(int column) const override;
    std::int64_t integer(int column) const override;
    double real(int column) const override;
    std::string_view text(int column) const override;
    std::string_view blob(int column) const override;
    Value value(int column) const override;

  private:
    std::string_view raw(int column) const;

    const PGresult& answer_;
    int row_ = 0;
    mutable std::vector<std::string> blobs_; // decoded when asked for
};

} // namespace onefold::store
