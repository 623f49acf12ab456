#include "house/house.h"

#include "access/access.h"
#include "audit/audit.h"
#include "backup/backup.h"
#include "change/change.h"
#include "columns/columns.h"
#include "company/company.h"
#include "customer/customer.h"
#include "customer/intake.h"
#include "customer/rebuild.h"
#include "customer/refold.h"
#include "customer/values.h"
#include "event_log/event_log.h"
#include "extract/extract.h"
#include "fetch/fetch.h"
#include "field_use/field_use.h"
#include "house/expiry.h"
#include "house/live.h"
#include "house/sample.h"
#include "house/settings.h"
#include "house/state.h"
#include "house/uses.h"
#include "house/watch.h"
#include "identity/identity.h"
#include "import/import.h"
#include "note/note.h"
#include "object/object.h"
#include "object/record.h"
#include "object/shipped.h"
#include "query/query.h"
#include "review/review.h"
#include "runtime/child.h"
#include "runtime/folder_lock.h"
#include "runtime/priority.h"
#include "saved_list/saved_list.h"
#include "search/search.h"
#include "sheet/child.h"
#include "source/source.h"
#include "timeline/timeline.h"
#include "tracking/tracking.h"
#include "traffic/traffic.h"
#include "upload/upload.h"

#include <algorithm>
#include <filesystem>
#include <thread>

namespace onefold::house {

using namespace std::chrono_literals;

// Members stand in the order in which they are built; they are taken down in the reverse order.
struct House::Rooms {
    std::unique_ptr<runtime::Clock> clock = runtime::make_system_clock();
    std::unique_ptr<runtime::Random> random = runtime::make_system_random();
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();
    runtime::Outside outside{*clock, *random, *files, *network};

    std::optional<runtime::FolderLock> lock;
    std::unique_ptr<access::Keys> keys;
    std::unique_ptr<store::Database> database;
    std::unique_ptr<source::Sources> sources;
    std::unique_ptr<event_log::EventLog> log;
    std::unique_ptr<traffic::Traffic> traffic;
    std::unique_ptr<tracking::Tracking> tracking;
    std::unique_ptr<audit::Audit> audit;
    std::unique_ptr<access::Access> access;
    std::unique_ptr<http::Replays> replays;
    std::unique_ptr<timeline::Timeline> timeline;
    std::unique_ptr<customer::Customers> customers;
    std::unique_ptr<customer::Values> values;
    std::unique_ptr<customer::Intake> intake;
    std::unique_ptr<customer::Rebuild> rebuild;
    std::unique_ptr<customer::Refold> refold;
    std::unique_ptr<review::Reviews> reviews;
    std::unique_ptr<upload::Uploads> uploads;
    std::unique_ptr<import::Imports> imports;
    std::unique_ptr<fetch::Fetches> fetches;
    std::unique_ptr<search::Search> search;
    std::unique_ptr<extract::Extracts> extracts;
    std::unique_ptr<columns::Columns> columns;
    std::unique_ptr<http::Positions> positions;
    std::unique_ptr<Expiry> expiry;
    std::unique_ptr<backup::Backups> backups;
    Live live;
    Watch watch;
    http::Contract contract;
    std::unique_ptr<Sample> sample;

    Result<> open(const Options& options);
    Result<> begin();
    Result<> begin_following();
    void describe(const std::string& folder);
    std::unique_ptr<columns::Columns> make_columns(const std::string& folder);
    Result<std::unique_ptr<fetch::Fetches>> make_fetches(const Options& options);
    void record(std::string_view verb, std::string_view target); // what Onefold does by itself
};

// A file that may end the process that opens it is opened by a child first.
Result<bool> probe_columns(const std::string& path, const std::atomic<bool>& is_cancelled) {
    constexpr std::uint64_t memory_bytes_max = std::uint64_t{8} << 30;
    const auto ended = TRY(runtime::run_child({{"probe-columns", path}, memory_bytes_max, 10min}, is_cancelled));
    return ended == runtime::Ended::well;
}

// Files from outside are read in a process of its own.
Result<std::unique_ptr<sheet::Table>> read_in_child(const std::string& path, const sheet::Choice& choice) {
    return sheet::open_in_child(path, choice);
}

// DuckDB's threads wait for one another without sleeping: a second one on two processors takes from everybody else more
// than it gives.
int threads_for_columns() {
    return std::clamp(int(std::thread::hardware_concurrency()) / 2, 1, 4);
}

std::unique_ptr<columns::Columns> House::Rooms::make_columns(const std::string& folder) {
    columns::Origin origin{*log, *sources,
        [this](const auto& keys) {
            return database->read(
                [&](store::Session& session) { return customers->identity().find_node_ids(session, keys); });
        },
        [this] { return intake->visible(); }, columns::customer_origin_of(*database)};
    const auto zone = [this]() -> Result<Zone> {
        const auto company = TRY(database->read([](store::Session& session) { return company::get_company(session); }));
        return Zone::named(company.zone);
    };
    return std::make_unique<columns::Columns>(std::move(origin), zone, outside,
        columns::Options{folder + "/columns", probe_columns, {.memory_mb = 384, .threads = threads_for_columns()}, {}});
}

void House::Rooms::record(std::string_view verb, std::string_view target) {
    Caller caller;
    caller.principal.kind = Principal::Kind::system;
    audit->record(caller, verb, target, 200);
}

Result<std::unique_ptr<fetch::Fetches>> House::Rooms::make_fetches(const Options& options) {
    const std::string folder = std::filesystem::absolute(options.folder).lexically_normal().string();
    const std::string own = folder + (folder.ends_with('/') ? "inbox" : "/inbox");
    TRY(files->make_folder(own));
    fetch::Allowed allowed{{own}, {}};
    for (const std::string& root : options.fetch_roots)
        allowed.roots.push_back(std::filesystem::absolute(root).lexically_normal().string());
    for (const std::string& network : options.fetch_networks)
        allowed.networks.push_back(TRY(fetch::parse_network(network)));
    return std::make_unique<fetch::Fetches>(
        fetch::Rooms{*database, outside, *keys, *sources, *uploads, *imports, read_in_child, options.folder + "/fetch",
            std::move(allowed), [this](std::string_view verb, std::string_view target) { record(verb, target); }});
}

Result<> House::Rooms::open(const Options& options) {
    const std::string& folder = options.folder;
    TRY(files->make_folder(folder));
    lock.emplace(TRY(runtime::FolderLock::take(folder)));
    const Settings settings = TRY(open_settings(*files, folder, options.database));
    keys = TRY(access::Keys::open(outside, folder));
    database = TRY(store::Database::open(settings.database,
        {change::schema(), company::schema(), access::schema(), source::schema(), object::schema(), identity::schema(),
            timeline::schema(), survivorship::schema(), customer::schema(), note::schema(), review::schema(),
            import::schema(), traffic::schema(), tracking::schema(), backup::schema(), upload::schema(),
            extract::schema(), fetch::schema(), field_use::schema(), saved_list::schema()},
        {.functions = query::functions()}));
    TRY(remember_settings(*files, folder, options.database));
    sources = std::make_unique<source::Sources>(*database, *keys, outside);
    TRY(sources->load());
    log = TRY(event_log::EventLog::open(outside, folder + "/log"));
    traffic = std::make_unique<traffic::Traffic>(*database, *log, *sources, outside);
    tracking = std::make_unique<tracking::Tracking>(*database, *log, *sources, *traffic, outside);
    audit = TRY(audit::Audit::open(outside, folder + "/audit", *database));
    access = std::make_unique<access::Access>(*database, *keys, outside);
    access->record_to([this](const Caller& caller, std::string_view verb, std::string_view target, int status) {
        audit->record(caller, verb, target, status);
    });
    replays = access::make_replays(*database, *keys, outside);
    timeline = TRY(timeline::Timeline::open(outside, folder + "/timeline",
        {TRY(timeline::get_origin(*database, *random)), [log = log.get()] { return log->begin(); }}));
    customers = std::make_unique<customer::Customers>(*database, *keys, outside, *sources, *log, *timeline);
    values = std::make_unique<customer::Values>(*database, *customers, *sources, outside);
    TRY(values->load());
    intake = std::make_unique<customer::Intake>(*database, *log, *sources, *customers, *timeline, *clock);
    refold = std::make_unique<customer::Refold>(*database, *sources, *customers, *clock);
    reviews = std::make_unique<review::Reviews>(*database, *customers, *sources, outside);
    rebuild = std::make_unique<customer::Rebuild>(
        customer::SecondRooms{*database, *keys, outside, *sources, *log, *timeline, customers->activity()},
        folder + "/rebuild");
    uploads = std::make_unique<upload::Uploads>(*database, outside, folder + "/uploads");
    imports = std::make_unique<import::Imports>(import::Rooms{*database, outside, *keys, *sources, *log, *customers,
        *intake, read_in_child, *uploads, folder + "/imports", [this](const auto& positions) -> Result<> {
            TRY(timeline->retract(positions));
            return columns->forget(positions);
        }});
    search = std::make_unique<search::Search>(
        search::Rooms{*database, *keys, *customers, outside, [this] { return intake->lag().events_per_second > 100; }},
        folder + "/search");
    extracts = std::make_unique<extract::Extracts>(extract::Rooms{*database, outside, customers->identity(),
        [this](SourceId id) {
            const auto source = sources->get(id);
            return source ? source->name : std::string();
        },
        folder + "/extracts", [this](std::string_view verb, std::string_view what) { record(verb, what); }});
    fetches = TRY(make_fetches(options));
    columns = make_columns(folder);
    positions = make_positions(*log, *intake);
    expiry = std::make_unique<Expiry>(*database, *log, *clock);
    expiry->wait_for("customer", [this] { return intake->settled(); });
    expiry->wait_for("timeline", [this] { return timeline->checkpoint(); });
    expiry->wait_for("columns", [this] { return columns->status().position; });
    backups = std::make_unique<backup::Backups>(
        *database, *access, backup::Origin{outside, folder, settings.database, *log, *audit, log_needed});
    return {};
}

// All that follows the log or a request gives way to the network and to the log: the threads it starts inherit that.
Result<> House::Rooms::begin() {
    Result<> begun;
    std::thread([&] {
        runtime::give_way(runtime::Urgency::request);
        begun = begin_following();
    }).join();
    return begun;
}

Result<> House::Rooms::begin_following() {
    intake->notify([this](Position position) { live.tell(position); });
    customers->when_noted([this] { live.tell_again(intake->visible()); });
    TRY(traffic->start());
    TRY(audit->start());
    TRY(intake->start());
    values->start();
    refold->start();
    search->start();
    reviews->start();
    columns->start();
    expiry->start();
    TRY(backups->start());
    TRY(extracts->start());
    TRY(imports->start());
    TRY(fetches->start());
    sample->begin();
    return {};
}

void House::Rooms::describe(const std::string& folder) {
    company::add_routes(contract, *database, outside);
    access->add_routes(contract);
    sources->add_routes(contract);
    traffic->add_routes(contract);
    tracking->add_routes(contract);
    customers->add_routes(contract);
    values->add_routes(contract);
    rebuild->add_routes(contract);
    reviews->add_routes(contract);
    object::add_routes(contract, *database, outside.clock, [this](SourceId id) {
        const auto source = sources->get(id);
        return source ? source->name : std::string();
    });
    saved_list::add_routes(contract, *database, outside, object::shipped_catalogue());
    field_use::add_routes(contract, *database, field_use_finders(*sources));
    uploads->add_routes(contract);
    extracts->add_routes(contract);
    imports->add_routes(contract, *sources);
    fetches->add_routes(contract);
    search->add_routes(contract);
    columns->add_routes(contract);
    backups->add_routes(contract);
    sample = std::make_unique<Sample>(
        SampleRooms{*database, *customers, *sources, outside, *imports, contract, folder + "/sample"});
    sample->add_routes();
    live.add_routes(contract, [this] { return intake->visible(); });
    watch.add_routes(contract, {*log, *intake, *timeline, *columns, *search});
    add_state_routes(contract, *log, *audit);
    contract.connect({*access, *positions, *replays});
}

Result<Position> log_needed(store::Session& session) {
    const auto taken = TRY(customer::Taker::cursor(session));
    const auto counted = TRY(traffic::counted_up_to(session));
    return std::max(taken.value_or(Position{}), counted.value_or(Position{}));
}

House::House(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}

House::~House() {
    rooms_->live.end();
    if (rooms_->sample)
        rooms_->sample->stop();
    if (rooms_->backups)
        rooms_->backups->stop();
    if (rooms_->expiry)
        rooms_->expiry->stop();
    if (rooms_->extracts)
        rooms_->extracts->stop();
    if (rooms_->fetches)
        rooms_->fetches->stop();
    if (rooms_->imports)
        rooms_->imports->stop();
    if (rooms_->reviews)
        rooms_->reviews->stop();
    if (rooms_->refold)
        rooms_->refold->stop();
    if (rooms_->rebuild)
        rooms_->rebuild->stop();
    if (rooms_->search)
        rooms_->search->stop();
    if (rooms_->columns)
        rooms_->columns->stop();
    if (rooms_->values)
        rooms_->values->stop();
    if (rooms_->intake)
        rooms_->intake->stop();
    if (rooms_->timeline)
        rooms_->timeline->stop();
    if (rooms_->audit)
        rooms_->audit->stop();
    if (rooms_->traffic)
        rooms_->traffic->stop();
}

Result<std::unique_ptr<House>> House::open(const Options& options) {
    std::unique_ptr<House> house(new House(std::make_unique<Rooms>()));
    TRY(house->rooms_->open(options));
    house->rooms_->describe(options.folder);
    TRY(house->rooms_->begin());
    return house;
}

http::Contract& House::contract() {
    return rooms_->contract;
}

Result<std::optional<std::string>> House::make_setup_token() {
    return rooms_->access->make_setup_token();
}

void House::watch(const http::Server* server) {
    rooms_->watch.of(server);
}

} // namespace onefold::house
