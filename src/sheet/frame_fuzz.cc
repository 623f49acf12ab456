// Any bytes as what a child sent.
#include "sheet/frame.h"

using namespace onefold::sheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    RowReader reader;
    if (reader.begin(bytes)) {
        Row row;
        while (!reader.is_at_end() && reader.next(row)) {
        }
    }
    description_of(bytes);
    notes_of(bytes);
    error_of(bytes);
    choice_of(bytes);
    if (size >= frame_head_bytes)
        parse_frame_head(bytes);
    return 0;
}
