#include "search/take.h"

#include "search/mistyped.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>

namespace onefold::search {
namespace {

// One customer goes in or out of one posting.
struct Change {
    std::int64_t part;
    std::string term;
    std::uint16_t low;
    bool is_in;

    bool is_of(const Change& other) const { return part == other.part && term == other.term; }
    friend bool operator<(const Change& a, const Change& b) {
        return std::tie(a.part, a.term, a.low) < std::tie(b.part, b.term, b.low);
    }
};
using Changes = std::span<const Change>; // of one posting

constexpr std::size_t postings_a_round = 5'000;

Part changed(const Part& before, Changes changes) {
    Part in, out, with, after;
    for (const Change& change : changes)
        (change.is_in ? in : out).push_back(change.low);
    std::ranges::set_union(before, in, std::back_inserter(with));
    std::ranges::set_difference(with, out, std::back_inserter(after));
    return after;
}

Result<> write_postings(store::Session& session, std::span<const Changes> postings) {
    std::vector<store::Values> keys, gone, kept;
    std::vector<Part> before(postings.size());
    for (const Changes& changes : postings)
        keys.push_back({changes.front().part, changes.front().term});
    TRY(session.each_many("SELECT ids FROM posting WHERE part = $1 AND term = $2", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            before[index] = unpacked(row.blob(0));
            return {};
        }));
    for (std::size_t i = 0; i < postings.size(); ++i) {
        const Part after = changed(before[i], postings[i]);
        if (after.empty())
            gone.push_back(std::move(keys[i]));
        else {
            kept.push_back(std::move(keys[i]));
            kept.back().push_back(store::Blob{packed(after)});
        }
    }
    TRY(session.execute_many("DELETE FROM posting WHERE part = $1 AND term = $2", gone));
    TRY(session.execute_many("INSERT INTO posting (part, term, ids) VALUES ($1, $2, $3) ON CONFLICT (part, term) DO "
                             "UPDATE SET ids = excluded.ids",
        kept));
    return {};
}

// In the order of their keys, so that a page of the file is written once.
Result<> write(store::Session& session, std::vector<Change> changes) {
    std::ranges::sort(changes, std::less{});
    std::vector<Changes> postings;
    for (auto from = changes.begin(); from != changes.end();) {
        const auto to = std::find_if(from, changes.end(), [&](const Change& one) { return !one.is_of(*from); });
        postings.emplace_back(from, to);
        from = to;
        if (postings.size() == postings_a_round || from == changes.end()) {
            TRY(write_postings(session, postings));
            postings.clear();
        }
    }
    return {};
}

// Words that nobody has any more stay: they find nobody.
Result<> write_words(store::Session& session, const std::set<std::string>& words) {
    std::set<std::pair<std::int64_t, std::int64_t>> forms;
    for (const std::string& word : words) {
        const auto id = TRY(session.find_integer(
            "INSERT INTO word (word) VALUES ($1) ON CONFLICT (word) DO NOTHING RETURNING id", {word}));
        if (id)
            for (const std::int64_t hash : shortened_of_word(word))
                forms.emplace(hash, *id);
    }
    std::vector<store::Values> rows;
    for (const auto& [hash, id] : forms)
        rows.push_back({hash, id});
    TRY(session.execute_many("INSERT INTO shortened (hash, word_id) VALUES ($1, $2)", rows));
    return {};
}

using Texts = std::unordered_map<CustomerId, std::string>;

Result<Texts> read_texts(store::Session& session, const std::vector<Document>& documents) {
    Texts texts;
    std::vector<store::Values> keys;
    for (const Document& document : documents)
        keys.push_back({document.id.value});
    TRY(session.each_many("SELECT kind, text FROM document WHERE id = $1", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            texts[documents[index].id] = fmt::format("{}\n{}", row.text(0), row.text(1));
            return {};
        }));
    return texts;
}

Document document_of(CustomerId id, const std::string& text) {
    const auto end = text.find('\n');
    return end == text.npos ? Document{id, "", {}}
                            : Document{id, text.substr(0, end), values_of(std::string_view(text).substr(end + 1))};
}

void note(std::vector<Change>& changes, const Document& before, const Document& now) {
    std::vector<std::string> in, out;
    const auto terms_before = terms_of(before), terms = terms_of(now);
    std::ranges::set_difference(terms, terms_before, std::back_inserter(in));
    std::ranges::set_difference(terms_before, terms, std::back_inserter(out));
    for (std::string& term : in)
        changes.push_back({part_of(now.id), std::move(term), low_of(now.id), true});
    for (std::string& term : out)
        changes.push_back({part_of(now.id), std::move(term), low_of(now.id), false});
}

} // namespace

std::string text_of(const std::vector<Value>& values) {
    std::string text;
    for (const auto& [field, value] : values) {
        text += char(field);
        for (const char c : value)
            text += c == '\n' ? ' ' : c;
        text += '\n';
    }
    return text;
}

std::vector<Value> values_of(std::string_view text) {
    std::vector<Value> values;
    while (!text.empty()) {
        const auto end = text.find('\n');
        values.push_back({Field(text.front()), std::string(text.substr(1, end - 1))});
        text.remove_prefix(end + 1);
    }
    return values;
}

std::string term_of_kind(const std::string& kind) {
    return "k:" + kind;
}

std::vector<std::string> terms_of(const Document& document) {
    if (document.kind.empty())
        return {};
    auto terms = terms_of(document.values);
    const std::string kind = term_of_kind(document.kind);
    terms.insert(std::ranges::lower_bound(terms, kind), kind);
    return terms;
}

Result<std::int64_t> take_documents(store::Session& session, const std::vector<Document>& documents) {
    const Texts texts = TRY(read_texts(session, documents));
    std::vector<store::Values> gone, kept;
    std::vector<Change> changes;
    std::set<std::string> words;
    std::int64_t more = 0;
    for (const Document& document : documents) {
        const auto present = texts.find(document.id);
        const std::string before = present == texts.end() ? "" : present->second;
        const std::string text = document.kind.empty() ? "" : text_of(document.values);
        if (document.kind.empty() ? before.empty() : before == fmt::format("{}\n{}", document.kind, text))
            continue;
        note(changes, document_of(document.id, before), document);
        more += (document.kind.empty() ? 0 : 1) - (before.empty() ? 0 : 1);
        if (document.kind.empty())
            gone.push_back({document.id.value});
        else {
            kept.push_back({document.id.value, document.kind, text});
            for (std::string& word : words_of(document.values))
                words.insert(std::move(word));
        }
    }
    TRY(session.execute_many("DELETE FROM document WHERE id = $1", gone));
    TRY(session.execute_many("INSERT INTO document (id, kind, text) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET "
                             "kind = excluded.kind, text = excluded.text",
        kept));
    TRY(write(session, std::move(changes)));
    TRY(write_words(session, words));
    return more;
}

} // namespace onefold::search
