// What is normalised once stays as it is.
#include "identity/email.h"
#include "identity/identifier.h"
#include "identity/official_code.h"
#include "identity/phone.h"

using namespace onefold::identity;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)parse_type(text);
    (void)parse_reference(text);
    (void)parse_web_domain(text);
    (void)parse_id_card(text);
    (void)parse_credit_code(text);
    if (const auto email = parse_email(text); email && parse_email(*email) != *email)
        __builtin_trap();
    for (const std::string_view region : {"CN", "DE", "US", ""})
        if (const auto phone = phone_to_e164(text, region); phone && phone_to_e164(*phone, "GB") != *phone)
            __builtin_trap();
    return 0;
}
