#pragma once
// What this room's tests stand on: the customers' rig, and columns that follow its log.
#include "columns/columns.h"
#include "customer/customer_rig.h"

#include <filesystem>
#include <fstream>

namespace onefold::columns {

class ColumnsRig : public customer::CustomerRig {
  protected:
    void TearDown() override { columns_.reset(); }

    void start(Limits limits = {}) {
        start_intake();
        Origin origin{*log_, *sources_,
            [this](const auto& keys) {
                return database_->read(
                    [&](store::Session& session) { return customers_->identity().find_node_ids(session, keys); });
            },
            [this] { return intake_->visible(); }, customer_origin_of(*database_)};
        columns_ = std::make_unique<Columns>(
            std::move(origin), [this] { return Zone::named(zone_); }, outside_.all,
            Options{folder_.file("columns"), {}, {}, limits});
        columns_->start();
    }
    void restart() {
        columns_.reset();
        start();
    }
    void catch_up() {
        take_in();
        ASSERT_TRUE(columns_->wait_until_visible(log_->end(), std::chrono::seconds{30})) << trouble();
    }
    std::string trouble() const {
        const auto status = columns_->status();
        return status.trouble ? std::string(status.trouble->message.in("en")) : "";
    }
    Rebuilt rebuild() {
        const auto before = columns_->status().last_rebuilt;
        VERIFY(columns_->rebuild());
        return rebuilt_after(before);
    }
    Rebuilt rebuilt_after(const std::optional<Rebuilt>& before) {
        outside_.clock.advance(std::chrono::seconds{1});
        for (int i = 0; i < 3000; ++i) {
            const auto status = columns_->status();
            if (status.last_rebuilt && status.state != State::rebuilding &&
                (!before || status.last_rebuilt->at != before->at))
                return *status.last_rebuilt;
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        ADD_FAILURE() << "no rebuild ended: " << trouble();
        return {};
    }

    std::vector<store::Values> rows_of(const std::string& sql) {
        std::vector<store::Values> rows;
        const auto done = columns_->ask([&](store::ColumnsConnection& connection) {
            return connection.each(sql, {}, [&](const store::Row& row) -> Result<> {
                auto& kept = rows.emplace_back();
                for (int i = 0; i < row.columns(); ++i)
                    kept.push_back(row.value(i));
                return {};
            });
        });
        EXPECT_TRUE(done) << (done ? "" : done.error().message.in("en"));
        return rows;
    }
    std::int64_t number_of(const std::string& sql) { return std::get<std::int64_t>(rows_of(sql).at(0).at(0)); }

    // Twenty figures that a change of any row would change.
    std::vector<store::Values> checksums() {
        return rows_of("SELECT position % 20, COUNT(*), bit_xor(hash(e))::VARCHAR FROM event e GROUP BY 1 ORDER BY 1");
    }
    // A change behind the room's back.
    void plant(const std::string& sql) {
        columns_.reset();
        {
            const auto file = store::Columns::open(live_path());
            VERIFY(file);
            const auto connection = (*file)->connect();
            VERIFY(connection);
            VERIFY((*connection)->execute(sql));
        }
        start();
        catch_up();
    }
    std::string live_path() const { return folder_.file("columns/columns.duckdb"); }

    // Events of many shapes, from `begin` on.
    void append_many(int begin, int count) {
        std::vector<std::string> payloads;
        for (int i = begin; i < begin + count; ++i)
            payloads.push_back(fmt::format(
                R"({{"type":"track","userId":"u{}","event":"Event {}","timestamp":"2025-05-{:02}T{:02}:00:00Z",)"
                R"("properties":{{"n":{},"odd":{},"sku":"A{}","deep":{{"of":"{}"}},"list":[{}]}}}})",
                i % 7, i % 5, 1 + i % 20, i % 24, i, i % 2 ? "1" : "\"one\"", i % 11, i % 3, i));
        append(payloads);
    }

    std::string zone_ = "UTC";
    std::unique_ptr<Columns> columns_;
};

} // namespace onefold::columns
