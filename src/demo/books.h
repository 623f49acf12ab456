#pragma once
// The demo company's files while they are written: what each of its systems says of people and what they did.
#include "demo/life.h"
#include "demo/row_file.h"
#include "sheet/xlsx_file.h"

#include <vector>

namespace onefold::demo {

class Books {
  public:
    static Result<Books> open(runtime::Files& files, const std::string& folder, const Options& options);
    void tell(const Unit& unit);
    Result<> finish();

  private:
    Books(const Options& options, std::vector<RowFile> files, sheet::XlsxFile visits)
        : options_(options), files_(std::move(files)), visits_(std::move(visits)) {}

    enum Book : std::size_t {
        crm,
        erp_orders,
        erp_movements,
        members,
        shop_orders,
        followers,
        tickets,
        web,
        truth,
        visits
    };
    RowFile& file(Book book) { return files_[book]; }
    void know(Book book, std::string_view key, const Person& person);
    void know_organisation(Book book, std::string_view key, const Organisation& organisation);

    // books_company.cc
    void tell_contact(const Organisation& organisation, const Person& person, std::string_view number);
    void tell_company_order(const Organisation& organisation, const Person& person, const Order& order);
    void tell_movement(
        const Organisation& organisation, const Person& person, const Movement& movement, const Order& order);
    void tell_ticket(const Organisation* organisation, const Person& person, const Ticket& ticket);
    void tell_visit(const Organisation* organisation, const Person& person, const Visit& visit);
    // books_shop.cc
    void tell_member(const Person& person, std::string_view household);
    void tell_shop_order(const Person& person, const Order& order);
    void tell_follower(const Person& person);
    void tell_clicks(const Organisation* organisation, const Person& person, const std::vector<Click>& clicks);

    // As somebody types them, now and then a placeholder; "" where it would not say who it is.
    std::string typed_phone(const Person& person, Instant at, Sharing known_by);
    std::string typed(std::string_view phone);
    std::string typed_email(const Person& person);
    std::string typed_name(const Person& person);
    std::string placeholder_phone();
    std::string placeholder_email();

    Options options_;
    std::vector<RowFile> files_; // all but the visits
    sheet::XlsxFile visits_;
    Chance chance_{0}; // of the person who is told of
};

// 2026-05-04 09:30:00, 2026/5/4 and 2026-05-04 in the company's zone.
std::string local_time(Instant at);
std::string short_date(Instant at);
std::string long_date(Instant at);
std::string money(std::int64_t cents);         // 1234.50
std::string grouped_money(std::int64_t cents); // 1,234.50

inline constexpr std::string_view note = "生成的演示数据 / generated";

} // namespace onefold::demo
