#include "demo/tea.h"

#include "demo/chance.h"

#include <array>
#include <string_view>

namespace onefold::demo {
namespace {

struct Spelled {
    std::string_view text;
    std::string_view latin;
};

constexpr std::array<Spelled, 16> surnames{{{"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"刘", "liu"},
    {"陈", "chen"}, {"杨", "yang"}, {"赵", "zhao"}, {"黄", "huang"}, {"周", "zhou"}, {"吴", "wu"}, {"徐", "xu"},
    {"孙", "sun"}, {"马", "ma"}, {"欧阳", "ouyang"}, {"林", "lin"}, {"郭", "guo"}}};
constexpr std::array<Spelled, 16> given_names{{{"伟", "wei"}, {"芳", "fang"}, {"娜", "na"}, {"秀英", "xiuying"},
    {"敏", "min"}, {"静", "jing"}, {"丽", "li"}, {"强", "qiang"}, {"磊", "lei"}, {"军", "jun"}, {"洋", "yang"},
    {"艳", "yan"}, {"志远", "zhiyuan"}, {"雨桐", "yutong"}, {"子涵", "zihan"}, {"建国", "jianguo"}}};
constexpr std::array<std::string_view, 12> english_given{
    "Anna", "Ben", "Clara", "David", "Emma", "Frank", "Grace", "Henry", "Iris", "Jack", "Kate", "Leo"};
constexpr std::array<std::string_view, 12> english_family{"Ashdown", "Birch", "Carter", "Dunmore", "Elmwood", "Fairley",
    "Goodwin", "Hartley", "Ingram", "Kersey", "Lockhart", "Marlow"};
constexpr std::array<std::string_view, 8> companies{"示例茶业有限公司", "演示贸易有限公司", "样本科技有限公司",
    "范例文化有限公司", "Example Tea Ltd.", "Sample Trading, Inc.", "Demo Ceramics GmbH", ""};
constexpr std::array<std::string_view, 8> cities{"上海", "北京", "杭州", "深圳", "成都", "London", "Singapore", ""};

struct Product {
    std::string_view sku;
    std::string_view name;
    int price_cents;
};
constexpr std::array<Product, 8> products{{{"T-101", "龙井茶 100 g", 16800}, {"T-102", "Jasmine tea, loose leaf", 8850},
    {"T-201", "普洱茶饼", 32000}, {"C-001", "Teapot \"Song\", celadon", 45900}, {"C-002", "青瓷茶杯", 6600},
    {"C-003", "Tea tray, bamboo", 12990}, {"G-001", "礼盒装", 2500}, {"S-001", "Shipping", 1200}}};
constexpr std::array<std::string_view, 5> subjects{
    "什么时候发货？", "Teapot arrived broken", "申请开发票", "How do I change my phone number?", "茶叶受潮，要求退货"};
constexpr std::array<std::string_view, 5> happenings{
    "Page Viewed", "Product Viewed", "Product Added", "Checkout Started", "Signed In"};

struct Person {
    int number = 0;
    std::string name;
    std::string latin;     // the local part of the mail address
    std::string phone;     // E.164
    std::string old_phone; // empty where it never changed
    std::string company;
    std::string city;
};

std::string field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

void add_row(std::string& file, std::initializer_list<std::string> fields) {
    bool is_first = true;
    for (const auto& one : fields) {
        if (!is_first)
            file += ',';
        is_first = false;
        file += field(one);
    }
    file += '\n';
}

std::string chinese_phone(int number) {
    return fmt::format("+86154{:08}", 10'000'000 + number * 7 % 80'000'000);
}

std::string email_of(const Person& person) {
    return fmt::format("{}{}@example.com", person.latin, person.number);
}

// As people type it.
std::string written(Chance& dice, const std::string& phone) {
    if (!phone.starts_with("+86"))
        return phone;
    const auto number = phone.substr(3);
    switch (dice.below(5)) {
    case 0:
        return phone;
    case 1:
        return fmt::format("{} {} {}", number.substr(0, 3), number.substr(3, 4), number.substr(7));
    case 2:
        return fmt::format("{}-{}-{}", number.substr(0, 3), number.substr(3, 4), number.substr(7));
    case 3:
        return "0086" + number;
    default:
        return number;
    }
}

// Two neighbouring letters change places; Chinese names get a blank too many.
std::string mistyped(Chance& dice, const std::string& name) {
    std::string result = name;
    if (static_cast<unsigned char>(name[0]) >= 0x80)
        return result.insert(3, " ");
    const auto at = 1 + dice.below(name.size() - 2);
    std::swap(result[at], result[at + 1]);
    return result;
}

std::vector<Person> make_people(Chance& dice, int count) {
    std::vector<Person> people;
    for (int number = 1; number <= count; ++number) {
        Person person{number};
        const bool is_english = dice.in_100(25) && number < 1000;
        if (is_english) {
            const auto given = dice.of(english_given);
            const auto family = dice.of(english_family);
            person.name = fmt::format("{} {}", given, family);
            person.latin = fmt::format("{}.{}", char(given[0] - 'A' + 'a'), std::string(family));
            person.latin[2] = char(family[0] - 'A' + 'a');
        } else {
            const auto& family = dice.of(surnames);
            const auto& given = dice.of(given_names);
            person.name = fmt::format("{}{}", family.text, given.text);
            person.latin = fmt::format("{}{}", given.latin, family.latin);
        }
        person.phone = is_english ? fmt::format("+447700900{:03}", number) : chinese_phone(2 * number);
        if (number > 1 && dice.in_100(4))
            person.phone = people.back().phone;
        if (!is_english && dice.in_100(15))
            person.old_phone = chinese_phone(2 * number + 1);
        person.company = dice.of(companies);
        person.city = dice.of(cities);
        people.push_back(std::move(person));
    }
    return people;
}

class Writer {
  public:
    explicit Writer(const TeaOptions& options)
        : options_(options), dice_(options.seed), people_(make_people(dice_, options.customers)) {}

    std::vector<TeaFile> write() {
        add_row(truth_, {"file", "key", "person"});
        return {{"customers.csv", customers()}, {"orders.csv", orders()}, {"tickets.csv", tickets()},
            {"events.csv", events()}, {"truth.csv", truth_}};
    }

  private:
    std::string moment() { return to_rfc3339(options_.until - std::chrono::minutes(int(dice_.below(365 * 24 * 60)))); }

    void know(std::string_view file, const std::string& key, const Person& person) {
        add_row(truth_, {std::string(file), key, std::to_string(person.number)});
    }

    std::string customers() {
        std::string file;
        add_row(file, {"customer_no", "name", "phone", "email", "company", "city", "note"});
        int row = 100'000;
        for (const Person& person : people_)
            for (int copies = dice_.in_100(6) ? 2 : 1; copies > 0; --copies) {
                const auto key = fmt::format("K{}", ++row);
                const auto name = copies > 1 ? mistyped(dice_, person.name) : person.name;
                add_row(file, {key, name, written(dice_, person.phone), dice_.in_100(80) ? email_of(person) : "",
                                  person.company, person.city, "Generated, not a real person · 生成的演示数据"});
                know("customers.csv", key, person);
            }
        return file;
    }

    std::string orders() {
        std::string file;
        add_row(file, {"order_no", "ordered_at", "status", "currency", "buyer_no", "phone", "sku", "product",
                          "quantity", "price"});
        for (int i = 0; i < options_.customers * 2; ++i) {
            const Person& person = dice_.of(people_);
            const bool is_return = dice_.in_100(5);
            const auto key = fmt::format("{}{}", is_return ? "C" : "", 500'000 + i);
            const auto at = moment();
            const auto phone =
                written(dice_, person.old_phone.empty() || dice_.in_100(40) ? person.phone : person.old_phone);
            for (int lines = 1 + int(dice_.below(4)); lines > 0; --lines) {
                const Product& product = dice_.of(products);
                const int quantity = (1 + int(dice_.below(5))) * (is_return ? -1 : 1);
                add_row(file, {key, at, is_return ? "returned" : "paid", "CNY", fmt::format("{}", 8000 + person.number),
                                  phone, std::string(product.sku), std::string(product.name), std::to_string(quantity),
                                  fmt::format("{}.{:02}", product.price_cents / 100, product.price_cents % 100)});
            }
            know("orders.csv", key, person);
        }
        return file;
    }

    std::string tickets() {
        std::string file;
        add_row(file, {"ticket_no", "created_at", "name", "email", "subject", "status", "rating"});
        for (int i = 0; i < options_.customers / 2 + 1; ++i) {
            const Person& person = dice_.of(people_);
            const auto key = fmt::format("T{}", 3000 + i);
            const bool is_closed = dice_.in_100(60);
            add_row(file, {key, moment(), dice_.in_100(15) ? mistyped(dice_, person.name) : person.name,
                              email_of(person), std::string(dice_.of(subjects)), is_closed ? "closed" : "open",
                              is_closed ? std::to_string(1 + dice_.below(5)) : ""});
            know("tickets.csv", key, person);
        }
        return file;
    }

    std::string events() {
        std::string file;
        add_row(file, {"message_id", "time", "event", "anonymous_id", "email", "product"});
        for (int i = 0; i < options_.customers * 5; ++i) {
            const Person& person = dice_.of(people_);
            const auto key = fmt::format("demo-{:06}", i);
            const auto event = std::string(dice_.of(happenings));
            const bool is_signed_in = event == "Signed In" || dice_.in_100(30);
            add_row(file, {key, moment(), event, fmt::format("visitor-{:05}-{}", person.number, dice_.below(2)),
                              is_signed_in ? email_of(person) : "",
                              event.starts_with("Product") ? std::string(dice_.of(products).sku) : ""});
            know("events.csv", key, person);
        }
        return file;
    }

    const TeaOptions& options_;
    Chance dice_;
    std::vector<Person> people_;
    std::string truth_;
};

constexpr std::string_view customers_map =
    R"({"identifiers":{"customer_no":"member_no","phone":"phone","email":"email"},
 "fields":{"name":"name","company":"company","city":"city","note":"note"}}
)";
constexpr std::string_view orders_map =
    R"({"identifiers":{"buyer_no":"member_no","phone":"phone"},
 "order":{"number":"order_no","time":"ordered_at","status":"status","currency":"currency",
          "lines":{"sku":"sku","name":"product","quantity":"quantity","price":"price"}}}
)";
constexpr std::string_view tickets_map =
    R"({"identifiers":{"email":"email"},"fields":{"name":"name"},
 "ticket":{"number":"ticket_no","time":"created_at","subject":"subject","status":"status","rating":"rating"}}
)";
constexpr std::string_view events_map =
    R"({"identifiers":{"anonymous_id":"anonymous_id","email":"email"},
 "event":{"name":"event","time":"time","message_id":"message_id"}}
)";
constexpr std::string_view readme =
    R"(All files here are generated: nobody in them exists, and no order was ever placed.
此处所有文件均为生成的演示数据，其中的人物和订单都不存在。
)";

} // namespace

std::vector<TeaFile> make_tea_files(const TeaOptions& options) {
    VERIFY(options.customers >= 1 && options.customers <= 100'000);
    auto files = Writer(options).write();
    files.push_back({"customers.map.json", std::string(customers_map)});
    files.push_back({"orders.map.json", std::string(orders_map)});
    files.push_back({"tickets.map.json", std::string(tickets_map)});
    files.push_back({"events.map.json", std::string(events_map)});
    files.push_back({"README.txt", std::string(readme)});
    return files;
}

Result<> write_tea_files(runtime::Files& files, const std::string& folder, const TeaOptions& options) {
    TRY(files.make_folder(folder));
    for (const TeaFile& file : make_tea_files(options))
        TRY(files.replace(folder + "/" + file.name, file.text));
    return {};
}

} // namespace onefold::demo
