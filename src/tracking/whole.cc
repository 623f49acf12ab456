#include "tracking/whole.h"

#include "core/text.h"

namespace onefold::tracking {
namespace {

constexpr std::size_t origin_bytes_max = 300, write_key_bytes_max = 200;

std::chrono::hours hour_of(Instant now) {
    return std::chrono::floor<std::chrono::hours>(now.time_since_epoch());
}

Reason reason_of(const Error& error) {
    for (const std::string_view code : {"tracking.not_an_object", "tracking.not_a_batch"})
        if (error.code == code)
            return {code, ""};
    if (error.code == "tracking.too_large" || error.code == "http.too_large")
        return {"tracking.body_too_large", ""};
    return {"tracking.no_json", ""};
}

// Without what no database keeps as text.
std::string clean(std::string_view bytes) {
    if (is_valid_utf8(bytes) && !bytes.contains('\0'))
        return std::string(bytes);
    std::string text(bytes);
    for (char& c : text)
        if (c == '\0' || static_cast<unsigned char>(c) >= 0x80)
            c = '?';
    return text;
}

// As JSON, or as a form, says it.
std::string without_values_of(std::string text, std::string_view name) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at)) {
        at = std::min(text.find_first_not_of("\"\\ \t\r\n:=", at + name.size()), text.size());
        const auto end = std::min(text.find_first_of("\"\\ \t\r\n,&}", at), text.size());
        text.replace(at, end - at, end > at ? "…" : "");
    }
    return text;
}

// Cut between two characters.
std::string_view beginning(std::string_view text, std::size_t bytes_max) {
    std::size_t size = std::min(text.size(), bytes_max);
    while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return text.substr(0, size);
}

} // namespace

Refused refused_body(const Error& error, std::string_view body, std::string_view key_name, std::string_view call) {
    const std::string text =
        without_values_of(clean(beginning(body, excerpt_bytes_max + write_key_bytes_max)), key_name);
    return {reason_of(error), std::string(beginning(text, excerpt_bytes_max)), std::string(call)};
}

Refused refused_start(std::string_view origin) {
    return {{"tracking.start_not_allowed", clean(beginning(origin, origin_bytes_max))}, ""};
}

std::int64_t WholeRequests::take(SourceId source, const Reason& reason, Instant now) {
    const std::lock_guard lock(mutex_);
    Hour& hour = by_source_[source];
    if (hour.begin != hour_of(now))
        hour = {hour_of(now), {}};
    const std::pair key{reason.code, reason.path};
    auto found = hour.reasons.find(key);
    if (found == hour.reasons.end()) {
        if (hour.reasons.size() >= whole_reasons_max)
            return 0;
        found = hour.reasons.emplace(key, Seen{now - whole_interval}).first;
    }
    Seen& seen = found->second;
    ++seen.waiting;
    if (now - seen.written_at < whole_interval)
        return 0;
    seen.written_at = now;
    return std::exchange(seen.waiting, 0);
}

std::string once_of(Instant now) {
    return fmt::format("hour {}", hour_of(now).count());
}

} // namespace onefold::tracking
