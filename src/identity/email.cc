#include "identity/email.h"

#include "core/text.h"

#include <memory>
#include <unicode/uidna.h>

namespace onefold::identity {
namespace {

constexpr std::size_t local_part_bytes_max = 64; // RFC 5321

Failure bad(std::string_view en, std::string_view zh) {
    return fail(ErrorKind::invalid, "identity.bad_value", LocalText(en, zh));
}

Failure bad_email() {
    return bad("This is not a mail address: name@domain is meant.", "这不是邮箱地址：应为“名称@域名”。");
}
Failure bad_domain() {
    return bad("This is not a domain: something like example.com is meant.", "这不是域名：应类似 example.com。");
}

// To ASCII by UTS 46, with its checks of labels and lengths. Empty where it is no host name.
std::string ascii_domain(std::string_view domain) {
    static const std::unique_ptr<UIDNA, void (*)(UIDNA*)> idna = [] {
        UErrorCode status = U_ZERO_ERROR;
        UIDNA* opened =
            uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &status);
        VERIFY(U_SUCCESS(status));
        return std::unique_ptr<UIDNA, void (*)(UIDNA*)>(opened, uidna_close);
    }();
    if (domain.size() > 1000)
        return {};
    std::array<char, 512> ascii;
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    const auto size = uidna_nameToASCII_UTF8(idna.get(), domain.data(), std::int32_t(domain.size()), ascii.data(),
        std::int32_t(ascii.size()), &info, &status);
    if (U_FAILURE(status) || info.errors != 0 || size <= 0 || size > 253)
        return {};
    return std::string(ascii.data(), std::size_t(size));
}

Result<std::string> host_name(std::string_view domain) {
    if (domain.ends_with('.'))
        domain.remove_suffix(1);
    std::string ascii = ascii_domain(domain);
    const auto dot = ascii.rfind('.');
    if (ascii.empty() || dot == std::string::npos || ascii.starts_with('.'))
        return bad_domain();
    const auto top = std::string_view(ascii).substr(dot + 1);
    if (top.size() < 2 || std::ranges::all_of(top, [](char c) { return c >= '0' && c <= '9'; }))
        return bad_domain();
    return ascii;
}

bool may_be_local_part(std::string_view local) {
    if (local.empty() || local.size() > local_part_bytes_max)
        return false;
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
        return false;
    return std::ranges::none_of(local, [](unsigned char c) {
        return c <= ' ' || c == 0x7f || std::string_view("\"(),:;<>@[\\]").find(char(c)) != std::string_view::npos;
    });
}

} // namespace

Result<std::string> parse_email(std::string_view text) {
    const std::string folded_text = folded(trimmed(text));
    std::string_view address = folded_text;
    if (address.ends_with('>')) {
        const auto open = address.rfind('<');
        if (open == std::string_view::npos)
            return bad_email();
        address = address.substr(open + 1, address.size() - open - 2);
    }
    if (address.starts_with("mailto:"))
        address.remove_prefix(7);
    const auto at = address.rfind('@');
    if (at == std::string_view::npos || !may_be_local_part(address.substr(0, at)))
        return bad_email();
    const auto domain = host_name(address.substr(at + 1));
    if (!domain)
        return bad_email();
    return std::string(address.substr(0, at + 1)) + *domain;
}

Result<std::string> parse_web_domain(std::string_view text) {
    const std::string folded_text = folded(trimmed(text));
    std::string_view host = folded_text;
    if (const auto scheme = host.find("://"); scheme != std::string_view::npos)
        host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    if (const auto user = host.rfind('@'); user != std::string_view::npos)
        host.remove_prefix(user + 1);
    host = host.substr(0, host.find(':'));
    if (host.starts_with("www.") && host.find('.', 4) != std::string_view::npos)
        host.remove_prefix(4);
    return host_name(host);
}

} // namespace onefold::identity
