#include "store/store.h"

#include "store/checkpointer.h"
#include "store/migration.h"
#include "store/postgres.h"
#include "store/readers.h"
#include "store/statistics.h"
#include "store/writer.h"

#include <algorithm>

namespace onefold::store {
namespace {

class OpenDatabase final : public Database {
  public:
    OpenDatabase(std::unique_ptr<Connection> writing, Readers::Open open_reader, const Options& options)
        : dialect_(writing->dialect()),
          readers_(std::move(open_reader), options.readers_max),
          writer_(std::move(writing), options.writes_waiting_max) {}

    Dialect dialect() const override { return dialect_; }
    Result<> read_session(const std::function<Result<>(Session&)>& work) override { return readers_.read(work); }
    Result<> write_session(const std::function<Result<>(Session&)>& work) override { return writer_.write(work); }
    Activity activity() const override { return writer_.activity(); }

    void keep(std::unique_ptr<Checkpointer> checkpointer) { checkpointer_ = std::move(checkpointer); }
    void keep(std::unique_ptr<Statistics> statistics) { statistics_ = std::move(statistics); }

  private:
    const Dialect dialect_;
    std::unique_ptr<Checkpointer> checkpointer_;
    std::unique_ptr<Statistics> statistics_;
    Readers readers_;
    Writer writer_;
};

Result<std::unique_ptr<Database>> open_sqlite(
    const std::string& path, const std::vector<Schema>& schemas, const Options& options) {
    using Purpose = SqliteConnection::Purpose;
    auto wal_frames = std::make_shared<WalFrames>();
    auto writing = TRY(SqliteConnection::open(path, Purpose::writing, wal_frames));
    TRY(writing->add(options.functions));
    TRY(migrate(*writing, schemas));
    auto checkpointing = TRY(SqliteConnection::open(path, Purpose::checkpointing, wal_frames));
    const auto open_reader = [path, functions = options.functions]() -> Result<std::unique_ptr<Connection>> {
        auto reading = TRY(SqliteConnection::open(path, Purpose::reading, nullptr));
        TRY(reading->add(functions));
        return reading;
    };
    auto database = std::make_unique<OpenDatabase>(std::move(writing), open_reader, options);
    database->keep(std::make_unique<Checkpointer>(std::move(checkpointing), wal_frames));
    return database;
}

Result<std::unique_ptr<Database>> open_postgres(
    const std::string& url, const std::vector<Schema>& schemas, const Options& options) {
    auto definitions = std::make_shared<Definitions>(0);
    using Purpose = PostgresConnection::Purpose;
    auto writing = TRY(PostgresConnection::open(url, definitions, Purpose::writing));
    TRY(migrate(*writing, schemas));
    const auto open_reader = [url, definitions]() -> Result<std::unique_ptr<Connection>> {
        return TRY(PostgresConnection::open(url, definitions, Purpose::reading));
    };
    auto counting = TRY(PostgresConnection::open(url, definitions, Purpose::reading));
    auto database = std::make_unique<OpenDatabase>(std::move(writing), open_reader, options);
    database->keep(std::make_unique<Statistics>(std::move(counting)));
    return database;
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(
    const std::string& url, const std::vector<Schema>& schemas, Options options) {
    options.readers_max = std::max(options.readers_max, 1);
    return is_postgres_url(url) ? open_postgres(url, schemas, options) : open_sqlite(url, schemas, options);
}

} // namespace onefold::store
