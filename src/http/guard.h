#pragma once
// The strict reader of a request's framing: RFC 9112 without anything that two programs could understand in two ways.
// Pure. What it refuses is answered 400 and ends the connection; what it lets through goes on to Beast, which must
// agree.
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onefold::http {

inline constexpr std::size_t head_bytes_max = 8 << 10;
inline constexpr std::size_t field_count_max = 100;

enum class ScanState { incomplete, complete, refused };

// Finds the end of a head that arrives in pieces.
class HeadScan {
  public:
    // `bytes` is all that came so far, from the first byte of the head on.
    ScanState look(std::string_view bytes);
    std::size_t size() const { return size_; } // of the complete head, with the empty line

  private:
    std::size_t line_ = 0; // where the line that is not yet complete begins
    std::size_t size_ = 0;
};

// The views point into the head.
struct Head {
    std::string_view method;                                           // capital letters
    std::string path;                                                  // decoded
    std::string_view query;                                            // as it came
    std::vector<std::pair<std::string_view, std::string_view>> fields; // names as they came, values trimmed
    std::uint64_t content_length = 0;
    bool is_chunked = false;
    bool expects_continue = false;
    bool is_kept_alive = false;

    bool has_body() const { return is_chunked || content_length > 0; }
};

// Either a head that can be understood in one way only, or the reason why not (English, for the log). `hosts`: the
// names by which we are called, with or without port; empty for any.
std::expected<Head, std::string_view> check_head(std::string_view head, const std::vector<std::string>& hosts);

// Follows a chunked body that arrives in pieces: sizes of 1 to 8 hexadecimal digits, no extensions, no trailers.
class ChunkScan {
  public:
    // `fresh` is what came since the last look.
    ScanState look(std::string_view fresh);
    // How much of all that was looked at belongs to the body, once it is complete.
    std::size_t size() const { return size_; }

  private:
    enum class Expecting {
        digit,
        digit_or_end,
        line_feed,
        data,
        end_of_data,
        line_feed_of_data,
        last_end,
        last_line_feed,
        nothing
    };
    bool take(char c);

    Expecting expecting_ = Expecting::digit;
    std::size_t left_ = 0; // of the chunk
    int digits_ = 0;
    std::size_t size_ = 0;
};

bool equal_ignoring_case(std::string_view left, std::string_view right); // ASCII

} // namespace onefold::http
