// A record is read alike whether the bytes behind it are there or not, and never beyond them.
#include "sheet/csv_record.h"

using namespace onefold::sheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Dialect dialect = detect_dialect(bytes, Bytes::end_here);
    std::vector<std::string> fields, again;
    for (std::string_view rest = bytes; !rest.empty();) {
        const auto record = parse_record(rest, Bytes::end_here, dialect, 50, fields);
        if (record.state != CsvRecord::State::complete)
            break;
        if (record.bytes == 0 || record.bytes > rest.size() || record.fields > 50)
            __builtin_trap();
        const auto alone = parse_record(rest.substr(0, record.bytes), Bytes::end_here, dialect, 50, again);
        if (alone.state != record.state || alone.fields != record.fields ||
            !std::equal(again.begin(), again.begin() + std::ptrdiff_t(alone.fields), fields.begin()))
            __builtin_trap();
        rest.remove_prefix(record.bytes);
    }
    line_bytes(bytes);
    return 0;
}
