#include "core/text.h"
#include "import/cell_value.h"
#include "import/job.h"
#include "object/order_statement_store.h"
#include "object/shipped.h"

namespace onefold::import {
namespace {

constexpr std::size_t batch_orders_max = 1000, batch_lines_max = 20'000;

// One order while its lines come in.
struct Order {
    object::OrderDraft draft;
    RowSubject subject;
    std::uint64_t first_line = 0;
    std::vector<Row> rows;
    std::optional<RowError> failure; // of any of its rows: an order comes in whole or not at all
};

Result<Decimal> amount_in(const Row& row, const Column& column, const Map& map) {
    const Decimal number = TRY(number_in(row, column, map));
    TRY(number.scaled(object::amount_scale)); // what the column would not hold exactly is refused
    return number;
}

class OrderSink : public RowSink {
  public:
    OrderSink(Job& job, std::unordered_set<std::string> scattered) : job_(job), scattered_(std::move(scattered)) {}

    Result<> take(const Row& row) override {
        const OrderColumns& columns = *job_.map.order;
        const std::string number{cell(row, columns.number)};
        if (number.empty()) {
            return job_.fail_row(row, {row.line, columns.number.name, "import.no_number",
                                          {"The row has no order number.", "该行没有订单号。"}});
        }
        if (scattered_.contains(number)) {
            add(held_[number], number, row);
            return {};
        }
        if (!current_ || current_->draft.number != number) {
            TRY(close_current());
            current_.emplace();
        } else if (broken_ && !current_->failure) {
            current_->failure = broken_; // it stood among this order's lines
        }
        broken_.reset();
        add(*current_, number, row);
        return {};
    }

    void broken(const RowError& error) override { broken_ = error; }

    Result<> finish() override {
        TRY(close_current());
        for (auto& [number, order] : held_)
            TRY(close(std::move(order)));
        return flush();
    }

  private:
    void add(Order& order, const std::string& number, const Row& row) {
        const OrderColumns& columns = *job_.map.order;
        order.rows.push_back(row);
        if (order.rows.size() == 1) {
            order.first_line = row.line;
            order.draft.number_scope = source::order_scope_of(job_.source);
            order.draft.number = number;
            order.draft.source = job_.source.id;
            order.draft.currency = job_.source.currency;
            order.draft.time = Instant::max();
        }
        if (order.failure)
            return;
        if (auto failure = read_row(order, columns, row))
            order.failure = std::move(failure);
    }

    std::optional<RowError> read_row(Order& order, const OrderColumns& columns, const Row& row) {
        const auto time = time_in(row, columns.time, job_.map, zone_);
        if (!time)
            return error_at(row, columns.time, time.error());
        order.draft.time = std::min(order.draft.time, *time);
        if (columns.status && !cell(row, *columns.status).empty())
            order.draft.status = cell(row, *columns.status);
        if (columns.currency && !cell(row, *columns.currency).empty()) {
            if (const auto checked = company::check_currency(cell(row, *columns.currency)); !checked)
                return error_at(row, *columns.currency, checked.error());
            order.draft.currency = cell(row, *columns.currency);
        }
        if (columns.lines) {
            object::OrderLineDraft line;
            if (columns.lines->sku)
                line.sku = cell(row, *columns.lines->sku);
            if (columns.lines->name)
                line.name = cell(row, *columns.lines->name);
            for (const auto& [column, number] :
                {std::pair{&columns.lines->quantity, &line.quantity}, std::pair{&columns.lines->price, &line.price}}) {
                const auto parsed = amount_in(row, *column, job_.map);
                if (!parsed)
                    return error_at(row, *column, parsed.error());
                *number = *parsed;
            }
            order.draft.lines.push_back(std::move(line));
        }
        if (order.subject.key.empty())
            order.subject = job_.subject_of(row);
        return std::nullopt;
    }

    Result<> close_current() {
        if (!current_)
            return {};
        Order order = std::move(*current_);
        current_.reset();
        return close(std::move(order));
    }

    Result<> close(Order order) {
        if (!order.failure)
            if (const auto total = object::total_of(order.draft.lines); !total)
                order.failure = RowError{order.first_line, "", total.error().code, total.error().message};
        if (order.failure)
            return job_.fail_rows(order.rows, *order.failure);
        order.rows = {};
        lines_ += order.draft.lines.size();
        batch_.push_back(std::move(order));
        if (batch_.size() >= batch_orders_max || lines_ >= batch_lines_max)
            return flush();
        return {};
    }

    Result<> flush() {
        if (batch_.empty())
            return {};
        if (!job_.was_done())
            TRY(write());
        batch_.clear();
        lines_ = 0;
        return {};
    }

    Result<> write() {
        std::vector<Job::Said> said;
        std::vector<const RowSubject*> buyers;
        for (const Order& order : batch_) {
            said.push_back({&order.subject, order.first_line, order.draft.time});
            buyers.push_back(&order.subject);
        }
        TRY(job_.claim(said));
        TRY(job_.wait_for_claims());
        return job_.write_batch([&](store::Session& session) -> Result<object::SavedRecords> {
            const auto nodes = TRY(job_.nodes_of(session, buyers));
            std::vector<object::OrderDraft> drafts;
            for (std::size_t i = 0; i < batch_.size(); ++i) {
                drafts.push_back(batch_[i].draft);
                drafts.back().buyer = nodes[i];
            }
            return object::import_orders(session, job_.author, drafts, [this](SourceId id) {
                const auto source = job_.rooms.sources.get(id);
                return source ? source->trust : 0;
            });
        });
    }

    Job& job_;
    const Zone zone_ = Zone::named(job_.source.zone).value_or(Zone{});
    std::unordered_set<std::string> scattered_; // numbers whose lines do not stand together
    std::map<std::string, Order> held_;         // their orders, until the end
    std::optional<Order> current_;
    std::optional<RowError> broken_; // the row before could not be read
    std::vector<Order> batch_;
    std::size_t lines_ = 0;
};

// The order numbers that come back after another number stood between.
Result<std::unordered_set<std::string>> find_scattered(const Job& job, sheet::Table& table) {
    std::unordered_set<std::string> closed, scattered; // closed: by digest
    std::string current;
    Row row;
    while (TRY(table.next(row))) {
        TRY(job.check_stopping());
        if (row.error)
            continue;
        restore_row(row, table.header());
        const auto number = cell(row, job.map.order->number);
        if (number.empty() || number == current)
            continue;
        if (!current.empty())
            closed.insert(job.rooms.keys.digest("import", current));
        current = number;
        if (closed.contains(job.rooms.keys.digest("import", current)))
            scattered.insert(current);
    }
    return scattered;
}

} // namespace

Result<std::unique_ptr<RowSink>> make_order_sink(Job& job, sheet::Table& before) {
    return std::make_unique<OrderSink>(job, TRY(find_scattered(job, before)));
}

} // namespace onefold::import
