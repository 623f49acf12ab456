#pragma once
// For this room's fuzzers: bytes as a file, and a table read to its end.
#include "sheet/chunk_source.h"
#include "sheet/sheet.h"

#include <sys/mman.h>
#include <unistd.h>

namespace onefold::sheet {

inline std::shared_ptr<File> file_of(std::string_view bytes, const char* name) {
    const int descriptor = ::memfd_create("fuzz", MFD_CLOEXEC);
    if (::write(descriptor, bytes.data(), bytes.size()) != ssize_t(bytes.size()))
        __builtin_trap();
    return File::take(descriptor, name).value();
}

// Every row is as wide as the header, or has an error that says something.
inline void read_all(Result<std::unique_ptr<Table>> table) {
    if (!table) {
        if (table.error().code.empty() || table.error().message.in("zh-CN").empty())
            __builtin_trap();
        return;
    }
    Row row;
    for (;;) {
        const auto more = (*table)->next(row);
        if (!more || !*more)
            return;
        if (row.error ? row.error->code.empty() : row.fields.size() != (*table)->header().size())
            __builtin_trap();
    }
}

} // namespace onefold::sheet
