#pragma once
// The bytes of a run's parts, little endian (layout: run.h). Pure.
#include "timeline/entry.h"

#include <bit>
#include <cstring>
#include <string>
#include <string_view>

namespace onefold::timeline {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::string_view run_magic = "OFTLRUN1";
inline constexpr std::size_t index_entry_bytes = 16;

template <class Number>
void put(std::string& out, Number number) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    template <class Number>
    Number number() {
        Number number;
        std::memcpy(&number, bytes_.data(), sizeof number);
        bytes_.remove_prefix(sizeof number);
        return number;
    }
    std::string_view text(std::size_t size) {
        const std::string_view text = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return text;
    }

  private:
    std::string_view bytes_; // the caller has proved its length
};

inline void put_entry(std::string& out, const Entry& entry) {
    put(out, entry.node.value);
    put(out, micros_of(entry.at));
    put(out, entry.position.value);
    put(out, std::uint32_t(entry.name));
}

inline Entry read_entry(Reader& reader) {
    Entry entry;
    entry.node.value = reader.number<std::int64_t>();
    entry.at = instant_of(reader.number<std::int64_t>());
    entry.position.value = reader.number<std::int64_t>();
    entry.name = NameId(reader.number<std::uint32_t>());
    return entry;
}

} // namespace onefold::timeline
