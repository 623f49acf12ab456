#include "demo/life.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace onefold::demo {
namespace {

using namespace std::chrono;

constexpr hours china{8}; // ahead of UTC, without summer time

enum class Rhythm { business, leisure };

// How much happens in each month, of 10.
constexpr std::array<int, 12> business_months{7, 3, 9, 8, 8, 9, 7, 7, 10, 7, 10, 9};
constexpr std::array<int, 12> leisure_months{5, 4, 5, 5, 6, 9, 5, 5, 6, 6, 10, 7};

int liveliness(Instant at, Rhythm rhythm) {
    const auto day = floor<days>(at + china);
    const year_month_day date{day};
    const auto month = unsigned(date.month()) - 1;
    const bool is_weekend = weekday{day}.iso_encoding() >= 6;
    if (rhythm == Rhythm::business)
        return is_weekend ? 1 : business_months[month];
    const bool is_sale = (month == 5 && unsigned(date.day()) / 2 == 9) || (month == 10 && unsigned(date.day()) == 11);
    return is_sale ? 40 : leisure_months[month] + (is_weekend ? 2 : 0);
}

Instant at_an_hour(Chance& chance, Instant day, Rhythm rhythm) {
    const auto begun = floor<days>(day + china);
    const auto minute =
        rhythm == Rhythm::business ? 8 * 60 + 30 + chance.below(9 * 60) : 9 * 60 + chance.below(14 * 60);
    return Instant{begun} + minutes(std::int64_t(minute)) + seconds(std::int64_t(chance.below(60))) - china;
}

// Some time between, rather when much happens.
Instant some_time(Chance& chance, Instant from, Instant to, Rhythm rhythm) {
    const int most = rhythm == Rhythm::business ? 10 : 12;
    Instant at = from;
    for (int tries = 0; tries < 6; ++tries) {
        at = from + duration_cast<microseconds>((to - from) * chance.share());
        if (liveliness(at, rhythm) > int(chance.below(std::uint64_t(most))))
            break;
    }
    return std::clamp(at_an_hour(chance, at, rhythm), from, to);
}

// The next time after a pause of about `pause`: where little happens, some put it off.
Instant next_time(Chance& chance, Instant last, days pause, Rhythm rhythm) {
    Instant at = last + duration_cast<microseconds>(pause * (0.5 + chance.share()));
    for (int tries = 0; tries < 5 && liveliness(at, rhythm) <= int(chance.below(8)); ++tries)
        at += days(1 + std::int64_t(chance.below(4)));
    return at_an_hour(chance, at, rhythm);
}

class Living {
  public:
    Living(const Options& options, const Person& person)
        : options_(options), person_(person), chance_(chance_of(options.seed * 8 + 3, person.number)) {}

    Life live() {
        if (person_.is_contact())
            order_for_company();
        if (!person_.member_no.empty() || (!person_.is_contact() && chance_.in_100(60)))
            order_in_shop();
        ask();
        visit();
        if (!person_.browsers.empty())
            click();
        return std::move(life_);
    }

  private:
    std::string number(std::string_view kind, Instant at, std::size_t place) const {
        const year_month_day date{floor<days>(at + china)};
        return fmt::format("DEMO-{}{:02}{:02}-{}{:02}", kind, int(date.year()) % 100, unsigned(date.month()),
            person_.number + 1, place + 1);
    }

    Order order_of(std::span<const Article> articles, std::string_view kind, Instant at, std::size_t place, int most) {
        Order order{.number = number(kind, at, place), .at = at};
        const auto state = chance_.below(100);
        const bool is_recent = options_.until - at < days(12);
        order.state = state < 4 ? Order::State::cancelled : is_recent ? Order::State::open : Order::State::done;
        for (std::uint64_t lines = 1 + std::min(chance_.below(4), chance_.below(4)), i = 0; i < lines; ++i)
            order.lines.push_back({&articles[std::min(chance_.below(articles.size()), chance_.below(articles.size()))],
                1 + int(std::min(chance_.below(std::uint64_t(most)), chance_.below(std::uint64_t(most))))});
        return order;
    }

    // Those who decide buy often, of the others some.
    void order_for_company() {
        if (!chance_.in_100(person_.is_decision_maker ? 70 : 28))
            return;
        const days pause{35 + std::int64_t(chance_.below(140))};
        Instant at = some_time(
            chance_, person_.first_at, std::min(person_.first_at + days(60), options_.until), Rhythm::business);
        for (std::size_t place = 0; at < person_.last_at && place < 30; ++place) {
            Order order = order_of(machine_parts(), "XS", at, place, 16);
            order.names_person = chance_.in_100(92) || person_.sharing != Sharing::none;
            order.names_number =
                chance_.in_100(70) || person_.sharing != Sharing::none || person_.phone_at(at, Sharing::none).empty();
            follow(order);
            life_.company_orders.push_back(std::move(order));
            at = next_time(chance_, at, pause, Rhythm::business);
        }
    }

    // Of the order that comes next.
    void follow(const Order& order) {
        if (order.state == Order::State::cancelled)
            return;
        const Instant shipped =
            at_an_hour(chance_, order.at + days(3 + std::int64_t(chance_.below(12))), Rhythm::business);
        const Instant paid =
            at_an_hour(chance_, shipped + days(15 + std::int64_t(chance_.below(60))), Rhythm::business);
        const std::size_t place = life_.company_orders.size();
        if (shipped < options_.until)
            life_.movements.push_back({order.number + "-FH", place, shipped, Movement::Kind::shipment});
        if (paid < options_.until)
            life_.movements.push_back({order.number + "-HK", place, paid, Movement::Kind::receipt});
    }

    void order_in_shop() {
        if (!chance_.in_100(72))
            return;
        const days pause{40 + std::int64_t(chance_.below(220))};
        Instant at = some_time(
            chance_, person_.first_at, std::min(person_.first_at + days(120), options_.until), Rhythm::leisure);
        for (std::size_t place = 0; at < person_.last_at && place < 20; ++place) {
            Order order = order_of(shop_articles(), "SC", at, place, 4);
            order.names_number = !person_.member_no.empty() && (chance_.in_100(88) || person_.sharing != Sharing::none);
            life_.shop_orders.push_back(std::move(order));
            at = chance_.in_100(45) ? next_time(chance_, at, pause, Rhythm::leisure) : Instant::max();
        }
    }

    void ask() {
        const auto bought = life_.company_orders.size() + life_.shop_orders.size();
        const auto most = bought == 0 ? (chance_.in_100(6) ? 1 : 0)
                                      : chance_.below(std::min<std::size_t>(bought, 5) + 1) / 2 + chance_.below(2);
        for (std::size_t place = 0; place < most; ++place) {
            const Instant at = some_time(chance_, person_.first_at, options_.until, Rhythm::business);
            Ticket ticket{
                number("GD", at, place), at, chance_.of(person_.is_foreign ? foreign_questions() : questions())};
            ticket.state =
                options_.until - at < days(10) && chance_.in_100(70) ? Ticket::State::open : Ticket::State::closed;
            if (ticket.state == Ticket::State::closed && chance_.in_100(65))
                ticket.stars = 5 - int(std::min(chance_.below(5), chance_.below(5)));
            life_.tickets.push_back(std::move(ticket));
        }
    }

    void visit() {
        if (!chance_.in_100(person_.is_contact() ? 34 : 8))
            return;
        for (std::uint64_t count = 1 + chance_.below(2), place = 0; place < count; ++place) {
            const auto kind = chance_.in_100(55) ? Visit::Kind::fair : Visit::Kind::webinar;
            const Instant at = some_time(chance_, beginning(options_), options_.until, Rhythm::business);
            life_.visits.push_back(
                {number("HD", at, place), at, kind, chance_.of(kind == Visit::Kind::fair ? fairs() : webinars())});
        }
    }

    // Most come a few times, look at some pages and leave; members sign in now and then.
    void click() {
        const auto visits = 1 + std::min(chance_.below(5), chance_.below(5));
        for (std::uint64_t i = 0; i < visits; ++i) {
            Instant at = some_time(chance_, person_.first_at, options_.until, Rhythm::leisure);
            const auto browser = chance_.below(person_.browsers.size());
            bool is_signed_in = person_.has_shared_browser;
            const auto pages = 1 + chance_.below(4);
            for (std::uint64_t page = 0; page < pages && at < options_.until; ++page) {
                life_.clicks.push_back({at, kind_of_click(page), &article(), browser, is_signed_in});
                at += seconds(8 + std::int64_t(chance_.below(240)));
                if (!is_signed_in && !person_.member_no.empty() && chance_.in_100(50) && at < options_.until) {
                    is_signed_in = true;
                    life_.clicks.push_back({at, Click::Kind::sign_in, nullptr, browser, true});
                    at += seconds(5);
                }
            }
            if (person_.is_contact() && !person_.has_shared_browser && chance_.in_100(50) && at < options_.until)
                life_.clicks.push_back({at, Click::Kind::inquiry, &article(), browser, is_signed_in});
        }
    }

    const Article& article() {
        return person_.is_contact() ? chance_.of(machine_parts()) : chance_.of(shop_articles());
    }

    Click::Kind kind_of_click(std::uint64_t page) {
        if (page == 0)
            return Click::Kind::page;
        const auto kind = chance_.below(10);
        if (kind < 6)
            return Click::Kind::product;
        return person_.is_contact() ? Click::Kind::sheet : Click::Kind::cart;
    }

    const Options& options_;
    const Person& person_;
    Chance chance_;
    Life life_;
};

} // namespace

std::int64_t Order::total_cents() const {
    std::int64_t total = 0;
    for (const OrderLine& line : lines)
        total += line.article->price_cents * line.quantity;
    return total;
}

Life live(const Options& options, const Person& person) {
    return Living(options, person).live();
}

} // namespace onefold::demo
