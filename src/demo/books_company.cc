#include "demo/books.h"
#include "demo/numbers.h"

#include <fmt/format.h>

namespace onefold::demo {

void Books::tell_contact(const Organisation& organisation, const Person& person, std::string_view number) {
    const bool has_switchboard = !organisation.switchboard.empty() && chance_.in_100(80);
    const bool has_no_phone = chance_.in_1000(options_.rates.blanks),
               has_no_email = chance_.in_1000(options_.rates.blanks);
    const std::string phone = has_switchboard ? organisation.switchboard
                              : has_no_phone  ? std::string()
                                              : typed_phone(person, person.first_at, Sharing::colleagues);
    const std::string email = has_no_email ? std::string() : typed_email(person);
    file(crm).row({number, typed_name(person), phone, email, person.title, person.is_decision_maker ? "是" : "否",
        long_date(person.first_at), organisation.code, organisation.name, organisation.credit_code,
        "www." + organisation.domain, organisation.industry, person.country, person.province, person.city,
        organisation.grade, organisation.owner, note});
    know(crm, number, person);
}

namespace {

std::string_view state_of(Order::State state) {
    return state == Order::State::done ? "已完成" : state == Order::State::open ? "已审核" : "已取消";
}

} // namespace

void Books::tell_company_order(const Organisation& organisation, const Person& person, const Order& order) {
    const std::string_view number = order.names_person && order.names_number ? std::string_view(person.contact_no) : "";
    const std::string_view name = order.names_person ? std::string_view(person.name) : "";
    const std::string phone = !order.names_person  ? std::string()
                              : order.names_number ? typed_phone(person, order.at, Sharing::colleagues)
                                                   : typed(person.phone_at(order.at, Sharing::none));
    for (const OrderLine& line : order.lines)
        file(erp_orders)
            .row({order.number, short_date(order.at), organisation.code, organisation.name, organisation.credit_code,
                number, name, phone, line.article->sku, line.article->name, fmt::format("{}", line.quantity),
                grouped_money(line.article->price_cents), state_of(order.state), note});
    if (order.names_person)
        know(erp_orders, order.number, person);
    else
        know_organisation(erp_orders, order.number, organisation);
}

void Books::tell_movement(
    const Organisation& organisation, const Person& person, const Movement& movement, const Order& order) {
    const bool is_shipment = movement.kind == Movement::Kind::shipment;
    const std::string_view number = order.names_person && order.names_number ? std::string_view(person.contact_no) : "";
    const std::string_view name = order.names_person ? std::string_view(person.name) : "";
    const bool names_phone = order.names_person && !order.names_number;
    const std::string phone = names_phone ? std::string(person.phone_at(order.at, Sharing::none)) : "";
    file(erp_movements)
        .row({is_shipment ? "发货" : "回款", short_date(movement.at), movement.number, order.number, organisation.code,
            organisation.name, number, name, phone, is_shipment ? std::string() : grouped_money(order.total_cents()),
            note});
    if (order.names_person)
        know(erp_movements, movement.number, person);
    else
        know_organisation(erp_movements, movement.number, organisation);
}

void Books::tell_ticket(const Organisation* organisation, const Person& person, const Ticket& ticket) {
    const bool names_number = person.is_contact() && chance_.in_100(35);
    std::string phone = chance_.in_100(45) ? typed_phone(person, ticket.at, Sharing::none) : "";
    const std::string email = phone.empty() || chance_.in_100(25) ? typed_email(person) : "";
    const std::string_view number = names_number ? std::string_view(person.contact_no) : "";
    const std::string_view state = ticket.state == Ticket::State::closed ? "已关闭" : "处理中";
    file(tickets).row({ticket.number, local_time(ticket.at), typed_name(person),
        organisation ? std::string_view(organisation->name) : "", phone, email, number, ticket.subject, state,
        ticket.stars > 0 ? fmt::format("{}", ticket.stars) : std::string(), note});
    know(tickets, ticket.number, person);
}

void Books::tell_visit(const Organisation* organisation, const Person& person, const Visit& visit) {
    const bool is_fair = visit.kind == Visit::Kind::fair;
    const std::string phone = is_fair || chance_.in_100(40) ? typed_phone(person, visit.at, Sharing::none) : "";
    const std::string email = !is_fair || phone.empty() || chance_.in_100(40) ? typed_email(person) : "";
    visits_.row({visit.number, is_fair ? "展会到访" : "参加网络研讨会", visit.occasion, local_time(visit.at),
        typed_name(person), organisation ? std::string_view(organisation->name) : "", person.title, phone, email,
        note});
    know(visits, visit.number, person);
}

} // namespace onefold::demo
