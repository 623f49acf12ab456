#pragma once
// What people and programs write where they know nothing: it looks like an identifier and would join strangers.
#include <string_view>

namespace onefold::identity {

// "n/a", "null", "无", "-", "[object Object]", "0000": of no type. `text` as written, without blanks at its ends.
bool is_placeholder(std::string_view text);

// Of a type, by its normalised value.
bool is_placeholder_phone(std::string_view e164);    // +8613800138000, or eight equal digits at the end
bool is_placeholder_email(std::string_view address); // test@…, none@…, a@a.com
bool is_public_mail_domain(std::string_view domain); // gmail.com, qq.com: the domain of everybody
bool is_placeholder_number(std::string_view digits); // 00000000, 99999999: eight digits or more
// The same and 123456789: of phones, cards and codes, which nobody hands out in order.
bool is_placeholder_official(std::string_view digits);

} // namespace onefold::identity
