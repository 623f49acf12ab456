// The guard takes or refuses the same bytes alike, in one piece and in many, and what it takes stands within them.
#include "http/guard.h"

namespace {

using namespace onefold::http;

struct Seen {
    ScanState state;
    std::size_t size;
    bool operator==(const Seen&) const = default;
};

Seen head_in_pieces(std::string_view bytes, std::size_t piece) {
    HeadScan scan;
    for (std::size_t end = std::min(piece, bytes.size());; end = std::min(end + piece, bytes.size())) {
        const auto state = scan.look(bytes.substr(0, end));
        if (state != ScanState::incomplete || end == bytes.size())
            return {state, state == ScanState::complete ? scan.size() : 0};
    }
}

Seen chunks_in_pieces(std::string_view bytes, std::size_t piece) {
    ChunkScan scan;
    auto state = ScanState::incomplete;
    for (std::size_t at = 0; at < bytes.size() && state == ScanState::incomplete; at += piece)
        state = scan.look(bytes.substr(at, piece));
    return {state, state == ScanState::complete ? scan.size() : 0};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = head_in_pieces(bytes, bytes.size() + 1);
    for (const std::size_t piece : {1, 7})
        if (head_in_pieces(bytes, piece) != whole ||
            chunks_in_pieces(bytes, piece) != chunks_in_pieces(bytes, size + 1))
            __builtin_trap();
    if (whole.state == ScanState::complete) {
        const auto head = check_head(bytes.substr(0, whole.size), {});
        if (head && (head->fields.size() > field_count_max || whole.size > head_bytes_max ||
                        (head->is_chunked && head->content_length > 0)))
            __builtin_trap();
    }
    return 0;
}
