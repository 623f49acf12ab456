#include "search/follower.h"

#include "identity/phone_ends.h"
#include "object/shipped.h"
#include "runtime/priority.h"

#include <filesystem>
#include <spdlog/spdlog.h>

namespace onefold::search {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t rows_a_step = 10'000;
constexpr std::chrono::milliseconds rest_min = 300ms, rest_max = 3s, between_tries = 1s;
constexpr int rest_a_work = 4;   // a fifth of one processor, as long as it keeps up or customers come in quickly
constexpr std::size_t few = 500; // are no work to speak of, however long they had to wait for a processor

Document document_of(const customer::CopiedCustomer& customer, const std::vector<std::string>& phone_ends) {
    Document document{customer.id, customer.state == "active" ? customer.kind : "", {}};
    const auto& fields = object::golden_fields();
    for (std::size_t i = 0; i < fields.size(); ++i)
        for (const char letter : all_fields)
            if (fields[i].code == code_of(Field(letter)) && customer.fields[i])
                document.values.push_back({Field(letter), *customer.fields[i]});
    for (const std::string& end : phone_ends)
        document.values.push_back({Field::phone, "*" + end});
    if (document.values.empty())
        document.kind.clear(); // a visitor of whom nothing is known
    return document;
}

Result<std::vector<Document>> documents_of(const Rooms& rooms, const std::vector<customer::CopiedCustomer>& customers) {
    std::vector<CustomerId> ids;
    for (const auto& customer : customers)
        ids.push_back(customer.id);
    const auto ends = TRY(rooms.database.read(
        [&](store::Session& session) { return identity::list_phone_ends(session, rooms.keys, ids); }));
    std::vector<Document> documents;
    for (std::size_t i = 0; i < customers.size(); ++i)
        documents.push_back(document_of(customers[i], ends[i]));
    return documents;
}

bool is_broken(const Error& error) {
    return error.code == "store.damaged" || error.code == "store.newer_schema" ||
           error.code == "store.changed_migration";
}

} // namespace

void Search::Follower::start() {
    thread_ = std::thread([this] { follow(); });
}

void Search::Follower::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        moved_.notify_all();
    }
    if (thread_.joinable())
        thread_.join();
}

std::shared_ptr<Index> Search::Follower::index() const {
    const std::lock_guard lock(mutex_);
    return index_;
}

Status Search::Follower::status() const {
    const std::lock_guard lock(mutex_);
    return told_;
}

void Search::Follower::begin_rebuild() {
    const std::lock_guard lock(mutex_);
    is_to_be_made_anew_ = true;
    told_.state = State::opening;
    moved_.notify_all();
}

// Nobody has the file open afterwards.
void Search::Follower::close() {
    std::shared_ptr<Index> index;
    {
        const std::lock_guard lock(mutex_);
        index.swap(index_);
    }
    while (index && index.use_count() > 1)
        std::this_thread::sleep_for(1ms);
}

void Search::Follower::throw_away() {
    close();
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
    const std::lock_guard lock(mutex_);
    ++told_.made_anew;
    told_.state = State::opening;
    rebuild_began_ = std::chrono::steady_clock::now();
}

Result<> Search::Follower::open() {
    TRY(rooms_.outside.files.make_folder(folder_));
    const std::string origin = TRY(timeline::get_origin(rooms_.database, rooms_.outside.random));
    std::shared_ptr<Index> index = TRY(Index::open(folder_ + "/search.sqlite", origin));
    const std::lock_guard lock(mutex_);
    index_ = std::move(index);
    return {};
}

Result<Search::Follower::Step> Search::Follower::step() {
    const auto place = TRY(index_->place());
    CustomerId last;
    const auto news = TRY(rooms_.database.read([&](store::Session& session) -> Result<std::optional<customer::News>> {
        last = TRY(customer::last_customer(session));
        return customer::read_news(session, place, rows_a_step);
    }));
    if (!news) {
        if (TRY(index_->count()) > 0) { // faster than to empty it
            throw_away();
            return Step{};
        }
        TRY(index_->begin_anew(TRY(rooms_.database.read(customer::news_from_the_beginning))));
        return Step{};
    }
    if (news->next != place)
        TRY(index_->take(TRY(documents_of(rooms_, news->customers)), news->next));
    return Step{news->is_last, news->customers.size(), TRY(index_->count()),
        last ? std::min<std::int64_t>(100, news->next.customer.value * 100 / last.value) : 100};
}

Result<Search::Follower::Step> Search::Follower::take_turn() {
    bool is_anew = false;
    {
        const std::lock_guard lock(mutex_);
        is_anew = std::exchange(is_to_be_made_anew_, false);
    }
    if (is_anew)
        throw_away();
    if (!index_)
        TRY(open());
    return step();
}

void Search::Follower::tell(const Result<Step>& done) {
    if (!done && is_broken(done.error())) {
        spdlog::warn("search: the index is made anew: {}", done.error().message.in("en"));
        throw_away();
        return;
    }
    const std::lock_guard lock(mutex_);
    if (!done) {
        if (!told_.trouble)
            spdlog::error("search stands: {} {}", done.error().code, done.error().message.in("en"));
        told_.trouble = done.error();
        told_.state = State::standing;
        return;
    }
    told_.trouble.reset();
    if (!index_ || is_to_be_made_anew_)
        return;
    // Once everybody is in it, a change that waits does not make it incomplete.
    if (done->is_last || told_.state != State::following)
        told_.state = done->is_last ? State::following : State::filling;
    told_.customers = done->customers;
    told_.percent = done->percent;
    if (done->is_last && rebuild_began_) {
        const auto took = std::chrono::steady_clock::now() - *std::exchange(rebuild_began_, std::nullopt);
        told_.last_rebuilt = Rebuilt{rooms_.outside.clock.now(),
            std::chrono::duration_cast<std::chrono::milliseconds>(took).count(), done->customers};
    }
}

// While not everybody is in it and nobody new comes, it works without a rest.
std::chrono::milliseconds Search::Follower::rest_after(const Result<Step>& done, std::chrono::milliseconds work) const {
    if (!done)
        return between_tries;
    if (!done->is_last && !(rooms_.is_busy && rooms_.is_busy()))
        return 0ms;
    return done->taken < few ? rest_min : std::clamp(rest_a_work * work, rest_min, rest_max);
}

void Search::Follower::follow() {
    runtime::give_way(runtime::Urgency::spare);
    for (;;) {
        const auto began = std::chrono::steady_clock::now();
        const auto done = take_turn();
        tell(done);
        const auto work =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
        std::unique_lock lock(mutex_);
        moved_.wait_for(lock, rest_after(done, work), [&] { return is_stopping_ || is_to_be_made_anew_; });
        if (is_stopping_)
            return;
    }
}

} // namespace onefold::search
