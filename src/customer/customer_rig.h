#pragma once
// What this room's tests stand on: a real log, real sources, both databases, and the intake between them.
#include "customer/intake.h"
#include "customer/message.h"
#include "customer/values.h"
#include "note/note.h"
#include "object/record.h"
#include "testing/databases.h"
#include "testing/outside.h"
#include "timeline/timeline.h"

namespace onefold::customer {

class CustomerRig : public testing::OnBothDatabases {
  protected:
    ~CustomerRig() override { close_all(); }
    void SetUp() override {
        keys_ = std::move(*access::Keys::open(outside_.all, folder_.path()));
        open_all();
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        web_ = sources_->create(caller, {"web", source::Kind::tracker, "", "", ""})->source.id;
        shop_ = sources_->create(caller, {"shop", source::Kind::file, "", "", ""})->source.id;
    }
    virtual std::vector<store::Schema> more_schemas() { return {}; } // of rooms above
    // As a start of the program does.
    void open_all() {
        std::vector<store::Schema> schemas{change::schema(), company::schema(), source::schema(), object::schema(),
            identity::schema(), timeline::schema(), survivorship::schema(), note::schema(), schema()};
        std::ranges::copy(more_schemas(), std::back_inserter(schemas));
        database_ = open(schemas, {.functions = query::functions()});
        log_ = std::move(*event_log::EventLog::open(outside_.all, folder_.file("log"), log_options_));
        sources_ = std::make_unique<source::Sources>(*database_, *keys_, outside_.all);
        VERIFY(sources_->load());
        timeline_ = std::move(*timeline::Timeline::open(outside_.all, folder_.file("timeline"),
            {*timeline::get_origin(*database_, *outside_.random), [this] { return log_->begin(); }}));
        customers_ = std::make_unique<Customers>(*database_, *keys_, outside_.all, *sources_, *log_, *timeline_);
        values_ = std::make_unique<Values>(*database_, *customers_, *sources_, outside_.all);
        VERIFY(values_->load());
        values_->start();
        intake_ = std::make_unique<Intake>(*database_, *log_, *sources_, *customers_, *timeline_, outside_.clock);
    }
    void close_all() {
        if (!timeline_)
            return;
        intake_.reset();
        values_.reset();
        timeline_->stop();
        customers_.reset();
        timeline_.reset();
        sources_.reset();
        log_.reset();
        database_.reset();
    }
    void append(const std::vector<std::string>& payloads) {
        std::vector<event_log::Draft> drafts;
        for (const std::string& payload : payloads)
            drafts.push_back({web_, fmt::format("m{}", ++messages_), event_log::FrameKind::event, payload});
        VERIFY(log_->append_and_wait(std::move(drafts)));
    }
    void append(const ImportedMessage& message, event_log::FrameKind kind) {
        VERIFY(log_->append_and_wait({{shop_, fmt::format("m{}", ++messages_), kind, payload_of(message)}}));
    }
    void start_intake() {
        if (std::exchange(is_started_, true))
            return;
        ASSERT_TRUE(intake_->start());
    }
    void take_in() {
        start_intake();
        ASSERT_TRUE(intake_->wait_until_visible(log_->end(), std::chrono::seconds{30}))
            << (intake_->trouble() ? intake_->trouble()->message.in("en") : "");
    }
    CustomerId find(const std::string& identifier) {
        const auto page = customers_->list({identifier, std::nullopt, {}, {}});
        VERIFY(page);
        return page->items.empty() ? CustomerId{} : page->items.front().id;
    }
    Customer get(CustomerId id) {
        auto customer = customers_->get(id);
        VERIFY(customer);
        return std::move(*customer);
    }
    Customer get(const std::string& identifier) { return get(find(identifier)); }
    std::vector<TimelineItem> timeline_of(CustomerId id, int limit = 200) {
        auto page = customers_->timeline(id, limit, "");
        VERIFY(page);
        return std::move(page->items);
    }
    static std::vector<std::string> names(const std::vector<TimelineItem>& items) {
        std::vector<std::string> all;
        for (const TimelineItem& item : items)
            all.push_back(item.name);
        return all;
    }
    NodeId node_of(CustomerId id) {
        auto nodes =
            database_->read([&](store::Session& session) { return customers_->identity().list_nodes(session, id); });
        VERIFY(nodes && !nodes->empty());
        return nodes->front();
    }
    void save(const std::vector<object::OrderDraft>& orders) {
        ASSERT_TRUE(database_->write([&](store::Session& session) -> Result<> {
            const change::Author author{{Principal::Kind::local, 0, Role::admin}, outside_.clock.now(), "import", "1"};
            const auto saved = TRY(object::save_orders(session, author, orders));
            return customers_->refresh_activity_of(session, saved.nodes);
        }));
    }
    object::OrderDraft order(std::string number, NodeId buyer, std::string_view time, std::string_view amount,
        std::string currency = "CNY") {
        return {"shop", std::move(number), shop_, buyer, *parse_rfc3339(time), std::move(currency), std::nullopt,
            {{"x", "", Decimal::of(1), *Decimal::parse(amount)}}};
    }

    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<store::Database> database_;
    event_log::Options log_options_;
    std::unique_ptr<event_log::EventLog> log_;
    std::unique_ptr<source::Sources> sources_;
    std::unique_ptr<timeline::Timeline> timeline_;
    std::unique_ptr<Customers> customers_;
    std::unique_ptr<Values> values_;
    std::unique_ptr<Intake> intake_;
    SourceId web_, shop_;
    int messages_ = 0;
    bool is_started_ = false;
};

} // namespace onefold::customer
