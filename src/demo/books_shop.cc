#include "demo/books.h"

#include <fmt/format.h>

namespace onefold::demo {
namespace {

std::string_view state_of(Order::State state) {
    return state == Order::State::done ? "交易成功" : state == Order::State::open ? "待发货" : "已取消";
}

// One message of the website, in Segment's shape.
class Message {
  public:
    Message(std::string_view type, std::string_view id, const Person& person, const Click& click)
        : text_(fmt::format(
              R"({{"type":"{}","messageId":"{}","anonymousId":"{}",)", type, id, person.browsers[click.browser])) {
        if (click.is_signed_in)
            text_ += fmt::format(R"("userId":"{}",)", person.member_no);
        end_ = fmt::format(R"("timestamp":"{}"}})", to_rfc3339(click.at));
    }
    std::string with(std::string_view members) const { return fmt::format("{}{},{}", text_, members, end_); }

  private:
    std::string text_, end_;
};

constexpr std::string_view site = "https://www.precision.example";

std::string page_of(std::string_view name, std::string_view path) {
    return fmt::format(
        R"("name":"{}","properties":{{"url":"{}{}","path":"{}","generated":true}})", name, site, path, path);
}

std::string event_of(const Click& click, std::string_view name) {
    return fmt::format(R"("event":"{}","properties":{{"sku":"{}","name":"{}","price":{},"generated":true}})", name,
        click.article->sku, click.article->name, money(click.article->price_cents));
}

std::string members_of(const Click& click) {
    switch (click.kind) {
    case Click::Kind::page:
        return page_of("产品中心", "/products");
    case Click::Kind::product:
        return event_of(click, "Product Viewed");
    case Click::Kind::sheet:
        return event_of(click, "Datasheet Downloaded");
    case Click::Kind::cart:
        return event_of(click, "Product Added");
    case Click::Kind::inquiry:
        return event_of(click, "Inquiry Sent");
    case Click::Kind::sign_in:
        return R"("event":"Signed In","properties":{"generated":true})";
    }
    return "";
}

} // namespace

void Books::tell_member(const Person& person, std::string_view household) {
    const std::string phone = typed_phone(person, person.first_at, Sharing::family);
    const std::string email = chance_.in_100(75) ? typed_email(person) : "";
    file(members).row({person.member_no, chance_.in_100(75) ? std::string_view(person.unionid) : "", typed_name(person),
        phone, email, person.is_woman ? "女" : "男", person.other_city.empty() ? person.city : person.other_city,
        household, local_time(person.first_at), note});
    know(members, person.member_no, person);
}

void Books::tell_shop_order(const Person& person, const Order& order) {
    const auto known_by = order.names_number ? Sharing::family : Sharing::none;
    const std::string phone = typed_phone(person, order.at, known_by);
    const std::string email = phone.empty() || chance_.in_100(15) ? typed_email(person) : "";
    const std::string_view number = order.names_number ? std::string_view(person.member_no) : "";
    for (const OrderLine& line : order.lines)
        file(shop_orders)
            .row({order.number, local_time(order.at), number, person.name, phone, email, line.article->sku,
                line.article->name, "￥" + grouped_money(line.article->price_cents), fmt::format("{}", line.quantity),
                state_of(order.state)});
    know(shop_orders, order.number, person);
}

void Books::tell_follower(const Person& person) {
    const std::string phone = chance_.in_100(60) ? typed_phone(person, options_.until, Sharing::none) : "";
    const std::string_view city = chance_.in_100(60) ? std::string_view(person.city) : "";
    file(followers).row(
        {person.openid, person.unionid, chance_.of(nicknames()), phone, city, local_time(person.first_at), note});
    know(followers, person.openid, person);
}

void Books::tell_clicks(const Organisation* organisation, const Person& person, const std::vector<Click>& clicks) {
    for (std::size_t i = 0; i < clicks.size(); ++i) {
        const Click& click = clicks[i];
        const std::string id = fmt::format("demo-{}-{}", person.number + 1, i + 1);
        if (click.kind == Click::Kind::inquiry || click.kind == Click::Kind::sign_in) {
            const std::string company =
                organisation ? fmt::format(R"(,"company":"{}")", organisation->name) : std::string();
            file(web).line(Message("identify", id + "-who", person, click)
                    .with(fmt::format(R"("traits":{{"name":"{}","email":"{}"{},"description":"{}"}})", person.name,
                        typed_email(person), company, note)));
            know(web, id + "-who", person);
        }
        const std::string_view type = click.kind == Click::Kind::page ? "page" : "track";
        file(web).line(Message(type, id, person, click).with(members_of(click)));
        know(web, id, person);
    }
}

} // namespace onefold::demo
