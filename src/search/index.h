#pragma once
// The file that is searched: which customers each term has, and what each was found by, so that it can be taken out
// again. Derived; a file that is missing, broken, of another format or of another database is made anew.
#include "customer/news.h"
#include "search/postings.h"
#include "search/terms.h"
#include "store/store.h"

#include <memory>
#include <string>
#include <vector>

namespace onefold::search {

struct Document {
    CustomerId id;
    std::string kind; // "" of one that is not to be found any more
    std::vector<Value> values;
};

struct Holders {
    std::vector<CustomerId> customers; // by id
    bool is_whole = true;              // false where a beginning has more terms than are read
};

// Thread-safe: one thread writes, any number asks.
class Index {
  public:
    // `origin` names the database whose customers it holds.
    static Result<std::unique_ptr<Index>> open(const std::string& path, const std::string& origin);

    // Up to where it has taken up what became of customers.
    Result<customer::NewsPlace> place() const;
    // Each takes the place of what was there of it, all together with the place.
    Result<> take(const std::vector<Document>& documents, const customer::NewsPlace& next);
    // Forgets everything; begins at `place`.
    Result<> begin_anew(const customer::NewsPlace& place);

    // Who meets every need; of one kind where it is not "".
    Result<Holders> find(const Needs& needs, const std::string& kind) const;
    // Known words that may be meant by what was typed.
    Result<std::vector<std::string>> similar_words(const std::string& typed) const;
    Result<std::int64_t> count() const;

  private:
    explicit Index(std::unique_ptr<store::Database> database) : database_(std::move(database)) {}
    const std::unique_ptr<store::Database> database_;
};

} // namespace onefold::search
