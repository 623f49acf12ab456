#pragma once
// What would become of the people and organisations of a file: the real thing is done to each batch, and taken back
// before it is committed. For this room's own files.
#include "import/import.h"
#include "import/subject_row.h"

#include <map>
#include <set>
#include <unordered_set>

namespace onefold::import {

class DryRun {
  public:
    // Counts and examples go into `import`.
    DryRun(const Rooms& rooms, Import& import, const source::Source& source)
        : rooms_(rooms), import_(import), source_(source) {}

    // A row that says something new.
    struct News {
        const RowSubject* subject;
        std::uint64_t line;
        Instant at;
        CustomerId before; // whose it was until now, 0 for nobody's
    };
    // With whom they would be joined by what is known today: with customers who are there, or with rows of the same
    // file. Rows of one batch are joined as they will be; with rows of earlier batches, whatever joins is said to.
    Result<> look(const std::vector<News>& news);

  private:
    struct Outcome {
        std::vector<CustomerId> customers;         // one a row
        std::set<CustomerId> opened;               // newcomers among them
        std::map<CustomerId, CustomerId> taken_in; // who was taken in by whom: by the latter
    };
    Result<Outcome> outcome_of(const std::vector<News>& news) const;
    Result<> tell(const News& news, CustomerId customer);
    bool meets_earlier(const RowSubject& subject);

    const Rooms& rooms_;
    Import& import_;
    const source::Source& source_;
    std::unordered_set<std::uint64_t> joining_; // identifiers of customers whom earlier rows opened, by digest
};

} // namespace onefold::import
