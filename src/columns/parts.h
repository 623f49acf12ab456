#pragma once
// What Columns is made of. Two threads write: the follower keeps the live file up with the log, the rebuilder makes a
// second one beside it and puts it in its place. `turn` says whose turn it is with the live file.
#include "columns/columns.h"
#include "columns/customer_tables.h"
#include "columns/place.h"

#include <atomic>

namespace onefold::columns {

struct Columns::Question {
    store::ColumnsConnection* connection;
    std::chrono::steady_clock::time_point until;
};

struct Columns::Parts {
    struct Live {
        std::unique_ptr<EventFile> file;
        std::unique_ptr<CustomerTables> customers;
        Projector projector;
        bool has_all_customers = false;
        static Result<std::unique_ptr<Live>> open(
            const Origin& origin, std::unique_ptr<EventFile> file, const Zone& zone) {
            auto customers = TRY(CustomerTables::open(*file, origin.customers));
            return std::unique_ptr<Live>(new Live(origin, std::move(file), std::move(customers), zone));
        }

      private:
        Live(const Origin& origin, std::unique_ptr<EventFile> opened, std::unique_ptr<CustomerTables> tables,
            const Zone& zone)
            : file(std::move(opened)), customers(std::move(tables)), projector(origin, *file, zone) {}
    };

    Origin origin;
    std::function<Result<Zone>()> zone;
    const runtime::Outside outside;
    const Options options;
    Place place{outside.files, options.folder};

    std::mutex turn; // to write to the live file, or to put another in its place; before file_mutex
    mutable std::shared_mutex file_mutex; // shared by questions, alone to open and close
    std::unique_ptr<Live> live;
    std::chrono::steady_clock::time_point looked_at_zone;
    Position expired;                // the log's beginning that the live file knows of
    std::vector<Position> forgotten; // while a second file is being made

    mutable std::mutex mutex;
    mutable std::condition_variable moved;
    Status told;
    std::optional<Position> first_goal; // of a live file that began empty
    bool is_open = false;               // whether there is a live file
    bool is_second_made = false;
    std::list<Question> questions;

    std::atomic<bool> is_stopping = false;
    std::atomic<bool> is_broken = false; // the live file
    std::thread follower, rebuilder;

    // follow.cc
    void follow();
    Result<> open_live();
    Result<> put_aside();
    Result<> advance();
    Result<> look_at_zone();
    Result<> take_turn();
    void watch_questions(std::chrono::steady_clock::time_point now);
    void pause(std::chrono::milliseconds time);
    void rest(std::chrono::steady_clock::duration work);
    bool is_filling() const;
    std::int64_t backlog() const; // bytes of the log that are visible and not yet here
    bool is_reader_behind() const;
    bool is_reader_in_need();
    void stand(const Error& error);
    void tell(Position reached);

    // rebuild.cc
    Result<> begin_rebuild(std::string cause);
    void run_rebuild(const std::string& cause);
    Result<> make_second(Rebuilt& outcome);
    Result<> finish_second(std::unique_ptr<Live> second, const Zone& its_zone, Rebuilt& outcome);
    Result<Comparison> compare_with_live(Live& second);
    Result<> switch_over(const Zone& its_zone);
    Position live_position() const;
};

} // namespace onefold::columns
