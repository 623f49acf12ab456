#include "search/index.h"

#include "search/mistyped.h"
#include "search/take.h"

#include <algorithm>

namespace onefold::search {

const store::Schema& schema();

namespace {

// Raised whenever the same customers would be found by other terms.
constexpr std::int64_t format = 1;
// Postings read for the beginning of a term; of a beginning with more, the first count.
constexpr std::int64_t postings_of_prefix_max = 20'000;
constexpr std::size_t similar_words_max = 50;

Result<> write_place(store::Session& session, const customer::NewsPlace& place, std::int64_t more) {
    TRY(session.execute("UPDATE place SET news = $1, customer = $2, record = $3, count = count + $4 WHERE id = 1",
        {place.news, place.customer.value, place.node.value, more}));
    return {};
}

Result<> clear(store::Session& session) {
    for (const std::string_view sql : {"DELETE FROM document", "DELETE FROM posting", "DELETE FROM word",
             "DELETE FROM shortened", "UPDATE place SET count = 0"})
        TRY(session.execute(sql));
    return {};
}

// The least text that is greater than all that begin with `prefix`.
std::string end_of(std::string prefix) {
    return prefix += "\xF4\x8F\xBF\xBF"; // the last code point
}

// Asks part by part, so that only one is in memory.
class Reader {
  public:
    explicit Reader(store::Session& session) : session_(session) {}

    Result<Holders> find(const Needs& needs) {
        Holders holders;
        for (auto part = TRY(next_part(-1)); part; part = TRY(next_part(*part))) {
            PartSet found = TRY(read_any(*part, needs.front()));
            for (std::size_t i = 1; i < needs.size() && !found.is_empty(); ++i)
                found.keep_only(TRY(read_any(*part, needs[i])));
            found.append_to(holders.customers, *part);
        }
        holders.is_whole = left_ > 0;
        return holders;
    }

  private:
    Result<std::optional<std::int64_t>> next_part(std::int64_t part) {
        return session_.find_integer("SELECT MIN(part) FROM posting WHERE part > $1", {part});
    }
    Result<PartSet> read_any(std::int64_t part, const Need& need) {
        PartSet any;
        const auto add = [&](const store::Row& row) -> Result<> {
            any.add(row.blob(0));
            return {};
        };
        for (const auto& [term, is_prefix] : need) {
            if (!is_prefix)
                TRY(session_.each("SELECT ids FROM posting WHERE part = $1 AND term = $2", {part, term}, add));
            else if (left_ > 0)
                TRY(session_.each("SELECT ids FROM posting WHERE part = $1 AND term >= $2 AND term < $3 LIMIT $4",
                    {part, term, end_of(term), left_}, [&](const store::Row& row) -> Result<> {
                        --left_;
                        return add(row);
                    }));
        }
        return any;
    }

    store::Session& session_;
    std::int64_t left_ = postings_of_prefix_max;
};

} // namespace

Result<std::unique_ptr<Index>> Index::open(const std::string& path, const std::string& origin) {
    std::unique_ptr<Index> index(new Index(TRY(store::Database::open(path, {schema()}, {.readers_max = 2}))));
    TRY(index->database_->write([&](store::Session& session) -> Result<> {
        // The file is written in the order of its keys: a small cache does.
        TRY(session.each("PRAGMA cache_size = -32768", {}, [](const store::Row&) -> Result<> { return {}; }));
        const auto same =
            TRY(session.find_integer("SELECT COUNT(*) FROM place WHERE format = $1 AND origin = $2", {format, origin}));
        if (same.value_or(0) == 1)
            return {};
        TRY(clear(session));
        TRY(session.execute("DELETE FROM place"));
        // Behind everything: whoever asks for news from there is told to begin anew.
        TRY(session.execute(
            "INSERT INTO place (id, format, origin, news, customer, record, count) VALUES (1, $1, $2, $3, 0, 0, 0)",
            {format, origin, INT64_MAX}));
        return {};
    }));
    return index;
}

Result<customer::NewsPlace> Index::place() const {
    return database_->read([](store::Session& session) -> Result<customer::NewsPlace> {
        const auto place = TRY(session.find("SELECT news, customer, record FROM place", {}, [](const store::Row& row) {
            return customer::NewsPlace{row.integer(0), CustomerId{row.integer(1)}, NodeId{row.integer(2)}};
        }));
        VERIFY(place);
        return *place;
    });
}

Result<> Index::take(const std::vector<Document>& documents, const customer::NewsPlace& next) {
    return database_->write([&](store::Session& session) -> Result<> {
        return write_place(session, next, TRY(take_documents(session, documents)));
    });
}

Result<> Index::begin_anew(const customer::NewsPlace& place) {
    return database_->write([&](store::Session& session) -> Result<> {
        TRY(clear(session));
        return write_place(session, place, 0);
    });
}

Result<Holders> Index::find(const Needs& needs, const std::string& kind) const {
    Needs all = needs;
    if (!kind.empty())
        all.push_back({{term_of_kind(kind), false}});
    if (all.empty())
        return Holders{};
    return database_->read([&](store::Session& session) { return Reader(session).find(all); });
}

Result<std::vector<std::string>> Index::similar_words(const std::string& typed) const {
    return database_->read([&](store::Session& session) -> Result<std::vector<std::string>> {
        std::vector<store::Values> keys;
        for (const std::int64_t hash : shortened_of_typed(typed))
            keys.push_back({hash});
        std::vector<std::string> words;
        TRY(session.each_many("SELECT w.word FROM shortened s JOIN word w ON w.id = s.word_id WHERE s.hash = $1", keys,
            [&](std::size_t, const store::Row& row) -> Result<> {
                if (std::string word(row.text(0)); is_similar(typed, word))
                    words.push_back(std::move(word));
                return {};
            }));
        std::ranges::sort(words);
        words.erase(std::ranges::unique(words).begin(), words.end());
        words.resize(std::min(words.size(), similar_words_max));
        return words;
    });
}

Result<std::int64_t> Index::count() const {
    return database_->read([](store::Session& session) -> Result<std::int64_t> {
        return TRY(session.find_integer("SELECT count FROM place")).value_or(0);
    });
}

} // namespace onefold::search
