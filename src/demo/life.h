#pragma once
// What a person did with the demo company in two years: orders, questions, visits. Pure: it follows from the seed and
// the person alone. Companies order by the working day and rest in the Spring Festival, people buy in the evening and
// most on 18 June and 11 November; who once bought comes back, until they stay away.
#include "demo/chance.h"
#include "demo/words.h"
#include "demo/world.h"

#include <string>
#include <vector>

namespace onefold::demo {

struct OrderLine {
    const Article* article = nullptr;
    int quantity = 0;
};
struct Order {
    std::string number;
    Instant at;
    enum class State { done, open, cancelled } state = State::done;
    std::vector<OrderLine> lines;
    bool names_person = true; // else only the organisation
    bool names_number = true; // the buyer by number, else by phone or address
    std::int64_t total_cents() const;
};
// What follows an order, as the ERP tells it: goods that went out, money that came in.
struct Movement {
    std::string number;
    std::size_t order = 0; // which of the company's orders
    Instant at;
    enum class Kind { shipment, receipt } kind = Kind::shipment;
};
struct Ticket {
    std::string number;
    Instant at;
    std::string_view subject;
    enum class State { open, closed } state = State::open;
    int stars = 0; // 0: not rated
};
struct Visit {
    std::string number;
    Instant at;
    enum class Kind { fair, webinar } kind = Kind::fair;
    std::string_view occasion;
};
struct Click {
    Instant at;
    enum class Kind { page, product, sheet, cart, inquiry, sign_in } kind = Kind::page;
    const Article* article = nullptr;
    std::size_t browser = 0;
    bool is_signed_in = false;
};

struct Life {
    std::vector<Order> company_orders, shop_orders;
    std::vector<Movement> movements;
    std::vector<Ticket> tickets;
    std::vector<Visit> visits;
    std::vector<Click> clicks; // in the order of time within each visit
};

Life live(const Options& options, const Person& person);

} // namespace onefold::demo
