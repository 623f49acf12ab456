#pragma once
// What the tests of roll-backs stand on: the rooms from the log to imports over one database, and all that they know as
// text, by what sources call it.
#include "core/text.h"
#include "customer/customer_rig.h"
#include "customer/edit.h"
#include "customer/held_types.h"
#include "customer/rebuild.h"
#include "customer/values.h"
#include "import/rollback.h"
#include "object/record.h"
#include "testing/databases.h"
#include "testing/outside.h"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace onefold::import {

struct Knowledge {
    std::map<std::string, std::string> nodes;               // place → what stands there
    std::map<std::set<std::string>, std::string> customers; // their nodes → the golden record and figures
    std::map<std::string, std::string> orders, tickets, memberships;
};

class World {
  public:
    explicit World(const std::string& url) : url_(url) {
        static const testing::Folder keys; // so that two worlds digest alike
        keys_ = std::move(*access::Keys::open(outside.all, keys.path()));
        open();
        web = sources->create(caller, {"web", source::Kind::tracker, "", "", ""})->source.id;
        shop = sources->create(caller, {"shop", source::Kind::file, "", "", ""})->source.id;
    }
    ~World() { close(); }

    void open() {
        database = std::move(*store::Database::open(url_,
            {change::schema(), company::schema(), source::schema(), object::schema(), identity::schema(),
                timeline::schema(), survivorship::schema(), note::schema(), customer::schema(), schema(),
                upload::schema()},
            {.functions = query::functions()}));
        log = std::move(*event_log::EventLog::open(outside.all, folder_.file("log")));
        sources = std::make_unique<source::Sources>(*database, *keys_, outside.all);
        VERIFY(sources->load());
        timeline = std::move(*timeline::Timeline::open(outside.all, folder_.file("timeline"),
            {*timeline::get_origin(*database, *outside.random), [this] { return log->begin(); }}));
        customers = std::make_unique<customer::Customers>(*database, *keys_, outside.all, *sources, *log, *timeline);
        values_ = std::make_unique<customer::Values>(*database, *customers, *sources, outside.all);
        VERIFY(values_->load());
        values_->start();
        intake = std::make_unique<customer::Intake>(*database, *log, *sources, *customers, *timeline, outside.clock);
        VERIFY(intake->start());
        uploads_ = std::make_unique<upload::Uploads>(*database, outside.all, folder_.file("uploads"));
        imports = std::make_unique<Imports>(Rooms{*database, outside.all, *keys_, *sources, *log, *customers, *intake,
            [](const std::string& path, const sheet::Choice& choice) { return sheet::open(path, choice); }, *uploads_,
            folder_.file("imports"),
            [this](const std::vector<Position>& positions) -> Result<> {
                retracted.insert(positions.begin(), positions.end());
                return {};
            }});
        VERIFY(imports->start());
    }
    void close() {
        imports.reset();
        intake.reset();
        values_.reset();
        timeline->stop();
        customers.reset();
        timeline.reset();
        sources.reset();
        log.reset();
        database.reset();
    }

    void say(const std::string& payload) {
        VERIFY(log->append_and_wait({{web, fmt::format("m{}", ++messages_), event_log::FrameKind::event, payload}}));
        settle();
    }
    // As a message of the source that imports.
    void say_as_shop(const std::string& payload) {
        VERIFY(log->append_and_wait({{shop, fmt::format("m{}", ++messages_), event_log::FrameKind::event, payload}}));
        settle();
    }
    void settle() { VERIFY(intake->wait_until_visible(log->end(), std::chrono::seconds{30})); }

    Import import(Kind kind, const std::string& csv, const std::string& map = "") {
        const std::string path = folder_.file(fmt::format("file{}.csv", ++files_));
        std::ofstream(path) << csv;
        ImportRequest request{path, kind, "shop", {}};
        if (!map.empty())
            request.map = boost::json::parse(map);
        auto begun = imports->create(caller, request);
        VERIFY(begun);
        for (;;) {
            const auto import = imports->get(begun->id);
            VERIFY(import);
            if (import->state != State::waiting && import->state != State::running)
                return *import;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
    Rollback roll_back(ImportId id, Purpose purpose = Purpose::import) {
        auto begun = imports->rollbacks().create(caller, id, purpose);
        if (!begun)
            ADD_FAILURE() << begun.error().code;
        return wait(id);
    }
    Rollback wait(ImportId id) {
        for (;;) {
            const auto rollback = imports->rollbacks().get(id);
            VERIFY(rollback);
            if (rollback->state != RollbackState::waiting && rollback->state != RollbackState::running)
                return *rollback;
            outside.clock.advance(std::chrono::milliseconds{0});
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
    std::vector<RollbackRecord> left(ImportId id) {
        const auto page = imports->rollbacks().list_records(id, Fate::stays, 200, "");
        VERIFY(page);
        return page->items;
    }
    std::string left_words(ImportId id) {
        std::string words;
        for (const RollbackRecord& one : left(id))
            words += fmt::format("{} {} {}; ", one.kind, one.name, one.reason);
        return words;
    }

    CustomerId find(const std::string& identifier) {
        const auto page = customers->list({identifier, std::nullopt, {}, {}});
        VERIFY(page);
        return page->items.empty() ? CustomerId{} : page->items.front().id;
    }
    std::string name_of(const std::string& identifier) {
        const auto customer = customers->get(find(identifier));
        return customer && customer->fields.contains("name") ? std::string(customer->fields.at("name").as_string())
                                                             : "";
    }
    // The log makes the same customers again.
    std::string differences() {
        customer::Rebuild rebuild{{*database, *keys_, outside.all, *sources, *log, *timeline, customers->activity()},
            folder_.file("rebuild")};
        VERIFY(rebuild.begin());
        while (rebuild.status().is_running)
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        const auto rebuilt = *rebuild.status().last_rebuilt;
        if (rebuilt.trouble)
            return std::string(rebuilt.trouble->message.in("en"));
        std::string all;
        for (const auto& one : rebuilt.comparison.first_differences)
            all += fmt::format("{} [{}] {}: {} / {}\n", one.what, one.key, one.field, one.live.value_or("-"),
                one.rebuilt.value_or("-"));
        return all;
    }
    Knowledge state() {
        Knowledge state;
        VERIFY(database->read([&](store::Session& session) { return read(session, state); }));
        return state;
    }
    std::string place_of(NodeId node) {
        std::string place;
        VERIFY(database->read([&](store::Session& session) {
            return session.each("SELECT source_id, kind, subject_key FROM node WHERE id = $1", {node.value},
                [&](const store::Row& row) -> Result<> {
                    place = fmt::format("{}/{}/{}", row.integer(0), row.text(1), row.text(2));
                    return {};
                });
        }));
        return place;
    }

    // The places of whom an event speaks.
    std::set<std::string> nodes_of_event(Position position) {
        const auto frame = log->get(position);
        VERIFY(frame);
        const auto message = customer::read_message(*frame, *sources->get(frame->source_id));
        std::set<std::string> places;
        for (const auto* subject : {&message.subject, message.organisation ? &*message.organisation : nullptr})
            if (subject)
                places.insert(
                    fmt::format("{}/{}/{}", subject->source.value, identity::to_string(subject->kind), subject->key));
        return places;
    }

    Caller caller = [] {
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        return caller;
    }();
    testing::Outside outside;
    std::unique_ptr<store::Database> database;
    std::unique_ptr<event_log::EventLog> log;
    std::unique_ptr<source::Sources> sources;
    std::unique_ptr<timeline::Timeline> timeline;
    std::unique_ptr<customer::Customers> customers;
    std::unique_ptr<customer::Intake> intake;
    std::unique_ptr<Imports> imports;
    std::set<Position> retracted;
    SourceId web, shop;

  private:
    Result<> read(store::Session& session, Knowledge& state) {
        std::map<std::int64_t, std::string> places;
        std::map<std::int64_t, std::set<std::string>> nodes_of;
        TRY(session.each("SELECT n.id, n.source_id, n.kind, n.subject_key, n.customer_id, n.facts, n.first_at, "
                         "a.event_count, a.first_at, a.last_at FROM node n LEFT JOIN node_activity a ON a.node_id = "
                         "n.id WHERE n.customer_id <> 0",
            {}, [&](const store::Row& row) -> Result<> {
                const std::string place = fmt::format("{}/{}/{}", row.integer(1), row.text(2), row.text(3));
                places[row.integer(0)] = place;
                nodes_of[row.integer(4)].insert(place);
                state.nodes[place] = fmt::format("{} first {} events {} {} {}", row.text(5), row.integer(6),
                    row.integer(7), row.integer(8), row.integer(9));
                return {};
            }));
        std::map<std::string, std::set<std::string>> claims;
        TRY(session.each(
            "SELECT c.node_id, i.type, i.scope, i.digest, c.first_at, c.verified, i.state FROM claim c JOIN "
            "identifier i ON i.id = c.identifier_id",
            {}, [&](const store::Row& row) -> Result<> {
                claims[places.at(row.integer(0))].insert(fmt::format(" {}@{}:{} {} {} {}", row.text(1), row.text(2),
                    to_hex(row.blob(3)).substr(0, 8), row.integer(4), row.integer(5), row.text(6)));
                return {};
            }));
        for (const auto& [place, all] : claims)
            for (const std::string& one : all)
                state.nodes[place] += one;
        TRY(session.each("SELECT c.id, c.state, c.kind, c.name, c.city, c.phone, c.email, c.company, a.first_seen_at, "
                         "a.last_seen_at, a.last_purchase_at, a.event_count, a.order_count, a.ticket_count, "
                         "a.total_spend FROM customer c LEFT JOIN customer_activity a ON a.customer_id = c.id WHERE "
                         "c.state = 'active'",
            {}, [&](const store::Row& row) -> Result<> {
                std::string words;
                for (int column = 1; column < row.columns(); ++column)
                    words += row.is_null(column) ? "- "
                             : column < 8        ? std::string(row.text(column)) + " "
                                                 : std::to_string(row.integer(column)) + " ";
                const auto nodes = nodes_of[row.integer(0)];
                if (nodes.empty())
                    ADD_FAILURE() << "customer " << row.integer(0) << " of no record";
                state.customers[nodes] = words;
                return {};
            }));
        const auto place = [&](const store::Row& row, int column) {
            return row.is_null(column) ? std::string("nobody") : places[row.integer(column)];
        };
        TRY(session.each(
            "SELECT id, number_scope, number, source_id, node_id, time, total, currency, status, is_credit, "
            "line_count, refunded, is_cancelled FROM record_order",
            {}, [&](const store::Row& row) -> Result<> {
                std::string words = place(row, 4);
                for (int column = 5; column < row.columns(); ++column)
                    words += " " + (column == 7 || column == 8 ? std::string(row.text(column))
                                                               : std::to_string(row.integer(column)));
                TRY(session.each(
                    "SELECT sku, quantity, price FROM record_order_line WHERE order_id = $1 ORDER BY line_number",
                    {row.integer(0)}, [&](const store::Row& line) -> Result<> {
                        words += fmt::format(" [{} {} {}]", line.text(0), line.integer(1), line.integer(2));
                        return {};
                    }));
                state.orders[fmt::format("{}/{}", row.text(1), row.text(2))] = words;
                return {};
            }));
        TRY(session.each("SELECT number_scope, number, node_id, time, subject, status, rating FROM record_ticket", {},
            [&](const store::Row& row) -> Result<> {
                state.tickets[fmt::format("{}/{}", row.text(0), row.text(1))] = fmt::format(
                    "{} {} {} {} {}", place(row, 2), row.integer(3), row.text(4), row.text(5), row.integer(6));
                return {};
            }));
        return session.each("SELECT person_node, organisation_node, source_id, role, title, valid_from FROM membership",
            {}, [&](const store::Row& row) -> Result<> {
                state.memberships[fmt::format("{} in {} by {}", place(row, 0), place(row, 1), row.integer(2))] =
                    fmt::format("{} {} {}", row.text(3), row.text(4), row.integer(5));
                return {};
            });
    }

    std::string url_;
    testing::Folder folder_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<customer::Values> values_;
    std::unique_ptr<upload::Uploads> uploads_;
    int messages_ = 0, files_ = 0;
};

} // namespace onefold::import
