#pragma once
// How a table goes from the child that reads it to the server: frames of a kind, a length and bytes. The server
// believes none of them.
#include "sheet/sheet.h"

namespace onefold::sheet {

enum class FrameKind : char { description = 'D', rows = 'R', notes = 'N', failure = 'F', end = 'Z' };
inline constexpr std::size_t frame_bytes_max = 16 << 20, frame_head_bytes = 5;

struct Frame {
    FrameKind kind = FrameKind::end;
    std::string bytes;
};
std::string frame_head(FrameKind kind, std::size_t bytes);
// Nothing where it is none.
std::optional<std::pair<FrameKind, std::size_t>> parse_frame_head(std::string_view head);

std::string to_json(const Choice& choice);
std::string to_json(const Description& description);
std::string to_json(const std::vector<Note>& notes);
std::string to_json(const Error& error);
Choice choice_of(std::string_view json); // the other way, for the child
std::optional<Description> description_of(std::string_view json);
std::vector<Note> notes_of(std::string_view json);
std::optional<Error> error_of(std::string_view json);

// Rows behind one another, with how much of the file is read.
class RowWriter {
  public:
    void add(const Row& row);
    std::string& finish(std::uint64_t bytes_read, std::uint64_t bytes_total); // begins anew after it
    void clear();
    std::size_t size() const { return bytes_.size(); }

  private:
    std::string bytes_ = std::string(16, '\0');
};
class RowReader {
  public:
    // False where the bytes are no rows.
    bool begin(std::string bytes);
    bool is_at_end() const { return at_ == bytes_.size(); }
    bool next(Row& row);
    std::uint64_t bytes_read = 0, bytes_total = 0;

  private:
    bool read_fields(Row& row, std::size_t count);
    std::optional<std::uint64_t> number();
    std::optional<std::string_view> text();
    std::string bytes_;
    std::size_t at_ = 0;
};

} // namespace onefold::sheet
