#pragma once
// What the names of columns mean, in English and Chinese. Pure; for this room's own files.
#include "import/map.h"

namespace onefold::import {

struct Meaning {
    std::string_view target;             // an identifier type, a field, or a part of a section
    std::vector<std::string_view> names; // folded, without blanks and punctuation
};
const std::vector<Meaning>& identifier_meanings();
const std::vector<Meaning>& field_meanings();
const std::vector<Meaning>& ticket_meanings();
const std::vector<Meaning>& order_meanings();
const std::vector<Meaning>& event_meanings();

// Folded, without blanks and punctuation: "Customer E-Mail" → "customeremail".
std::string bare(std::string_view name);
// "" where it means nothing of these.
std::string_view meaning_of(std::string_view bare_name, const std::vector<Meaning>& meanings);
// "Customer Email" means what "Email" means.
std::string_view meaning_of_customers(std::string_view bare_name, const std::vector<Meaning>& meanings);

// The first column for each part; parts in no order.
std::map<std::string_view, Column> parts_among(
    std::span<const std::string> header, const std::vector<Meaning>& meanings);

// import.map_needed where a needed one was not found.
Result<OrderColumns> guess_order(std::span<const std::string> header);
Result<EventColumns> guess_event(std::span<const std::string> header);

} // namespace onefold::import
