#pragma once
// Whether two databases say the same of the same customers, by content: nodes by (source, kind, key), whatever ids they
// have. Both sides are read in the order of their content, a page at a time.
//
// Not compared: ids, versions, evidence of joins beyond who was joined, and who was merged into whom before.
#include "access/keys.h"
#include "source/source.h"
#include "store/store.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onefold::customer {

// One thing that is there or not, as text.
struct Line {
    std::string what; // "node", "claim", "membership", "customer", "activity", "order", "order_line", …
    std::string key;  // within its item; what a person finds it by
    std::vector<std::pair<std::string, std::string>> fields;
    std::string type, sealed; // of an identifier, whose value the key does not show
};
// The lines of one place, sorted by what and key.
struct Item {
    store::Values place; // ordered alike on both sides
    std::vector<Line> lines;
};
// The items after a place, in order, a page of them; none at the end.
using Pages = std::function<Result<std::vector<Item>>(const store::Values& after)>;

struct Difference {
    std::string what, key;
    std::string field;                        // "" where the whole is only on one side
    std::optional<std::string> live, rebuilt; // nullopt: not there
};

struct Comparison {
    static constexpr std::size_t told_max = 100;
    struct Count {
        std::string what;
        std::int64_t live = 0, rebuilt = 0;
    };
    std::vector<Count> counts; // by what
    std::int64_t differences = 0;
    std::vector<Difference> first_differences;
};

class Comparer {
  public:
    // `go_on` is asked after each page; its error ends the comparison.
    Comparer(const access::Keys& keys, std::function<Result<>()> go_on) : keys_(keys), go_on_(std::move(go_on)) {}
    Result<> compare(const Pages& live, const Pages& rebuilt, const store::Values& before_first);
    void tell(Difference difference);
    void count(std::string_view what, std::int64_t live, std::int64_t rebuilt);
    Comparison done() && { return std::move(comparison_); }

  private:
    void compare(const std::vector<Line>& live, const std::vector<Line>& rebuilt);
    void compare(const Line& live, const Line& rebuilt);
    std::string key_of(const Line& line) const;

    const access::Keys& keys_;
    std::function<Result<>()> go_on_;
    Comparison comparison_;
};

struct ComparedRooms {
    const access::Keys& keys;
    const source::Sources& sources;
};
// Everything, from one moment of each side.
Result<Comparison> compare_customers(
    const ComparedRooms& rooms, store::Session& live, store::Session& rebuilt, const std::function<Result<>()>& go_on);

// For this room's own files: the items of one side.
Pages node_pages(const ComparedRooms& rooms, store::Session& session);
Pages order_pages(const ComparedRooms& rooms, store::Session& session);     // of which messages speak
Pages statement_pages(const ComparedRooms& rooms, store::Session& session); // what messages say of orders
Pages problem_pages(const ComparedRooms& rooms, store::Session& session);

std::string source_name(const source::Sources& sources, SourceId id);
// As "web person user_id:u1".
std::string node_words(
    const source::Sources& sources, SourceId source, std::string_view kind, std::string_view subject_key);
std::string time_words(std::int64_t micros);
std::string time_words(const store::Row& row, int column); // "" for NULL

} // namespace onefold::customer
