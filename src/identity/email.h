#pragma once
// Mail addresses and the domains of organisations.
#include "core/result.h"

#include <string>
#include <string_view>

namespace onefold::identity {

// "Anna@Example.com", "Anna <anna@example.com>", "mailto:anna@例子.公司" to the form in which addresses are compared.
// Dots and
// "+tags" of the local part stay: only the receiving server knows what they mean. Quoted local parts are refused.
Result<std::string> parse_email(std::string_view text);

// "https://www.Example.com:8080/path" to "example.com"; names of more than one label only, no IP addresses.
Result<std::string> parse_web_domain(std::string_view text);

} // namespace onefold::identity
