#include "sheet/child.h"

#include "runtime/piped_child.h"
#include "runtime/shut_in.h"
#include "sheet/chunk_source.h"
#include "sheet/frame.h"

#include <new>
#include <stdexcept>
#include <sys/resource.h>

namespace onefold::sheet {
namespace {

constexpr std::size_t rows_bytes = 64 << 10; // gathered into one frame

Failure too_much_memory() {
    return fail(ErrorKind::invalid, "sheet.too_much",
        {"The file needs more memory than reading a file may take (512 MiB). Save it as CSV UTF-8 and import that.",
            "读取该文件所需内存超过上限（512 MiB）。请另存为 CSV UTF-8 后导入。"});
}

Failure reader_ended() {
    return fail(ErrorKind::invalid, "sheet.reader_ended",
        {"The process that read the file was ended: the file takes too much time or memory, or it is made to break "
         "programs "
         "that read it. Onefold goes on. Save the file as CSV UTF-8 and import that.",
            "读取该文件的进程已被终止：文件耗时或占用内存过多，或被刻意构造。Onefold 运行不受影响。请另存为 CSV UTF-8 "
            "后导入。"});
}

class ChildTable : public Table {
  public:
    ChildTable(std::unique_ptr<runtime::ChildStream> stream, std::chrono::milliseconds silence)
        : stream_(std::move(stream)), silence_(silence) {}

    Result<> begin() {
        const Frame frame = TRY(next_frame());
        auto description = frame.kind == FrameKind::description ? description_of(frame.bytes) : std::nullopt;
        if (!description || description->header.size() > columns_max)
            return reader_ended();
        description_ = std::move(*description);
        return {};
    }

    const Description& description() const override { return description_; }

    Result<bool> next(Row& row) override {
        while (rows_.is_at_end()) {
            if (is_over_)
                return false;
            Frame frame = TRY(next_frame());
            if (frame.kind == FrameKind::notes) {
                for (Note& note : notes_of(frame.bytes))
                    notes_.push_back(std::move(note));
            } else if (frame.kind == FrameKind::end) {
                is_over_ = true;
            } else if (frame.kind != FrameKind::rows || !rows_.begin(std::move(frame.bytes))) {
                return reader_ended();
            }
        }
        if (!rows_.next(row) || (!row.error && row.fields.size() != description_.header.size()))
            return reader_ended();
        return true;
    }

    std::vector<Note> take_notes() override { return std::exchange(notes_, {}); }
    pid_t child() const { return stream_->pid(); }
    std::uint64_t bytes_read() const override { return rows_.bytes_read; }
    std::uint64_t bytes_total() const override { return rows_.bytes_total; }

  private:
    Result<> read_exactly(std::span<char> room) {
        while (!room.empty()) {
            const auto size = stream_->read(room, silence_);
            if (!size && size.error().code == "child.silent")
                return fail(ErrorKind::invalid, "sheet.too_slow",
                    {"Reading the file takes too long; it was given up. Save it as CSV UTF-8 and import that.",
                        "读取文件耗时过长，已放弃。请另存为 CSV UTF-8 后导入。"});
            if (!size || *size == 0)
                return reader_ended();
            room = room.subspan(*size);
        }
        return {};
    }

    // A failure that the child tells comes back as one.
    Result<Frame> next_frame() {
        std::array<char, frame_head_bytes> head;
        TRY(read_exactly(head));
        const auto parsed = parse_frame_head({head.data(), head.size()});
        if (!parsed)
            return reader_ended();
        Frame frame{parsed->first, std::string(parsed->second, '\0')};
        TRY(read_exactly(frame.bytes));
        if (frame.kind != FrameKind::failure)
            return frame;
        is_over_ = true;
        auto error = error_of(frame.bytes);
        return error ? fail(std::move(*error)) : reader_ended();
    }

    std::unique_ptr<runtime::ChildStream> stream_;
    std::chrono::milliseconds silence_;
    Description description_;
    RowReader rows_;
    std::vector<Note> notes_;
    bool is_over_ = false;
};

// ---- in the child ----

bool send(FrameKind kind, std::string_view bytes) {
    return runtime::send_answer(frame_head(kind, bytes.size())) && runtime::send_answer(bytes);
}

Result<bool> send_rows(Table& table) {
    RowWriter rows;
    Row row;
    for (bool is_more = true; is_more;) {
        is_more = TRY(table.next(row));
        if (is_more)
            rows.add(row);
        if (is_more && rows.size() < rows_bytes)
            continue;
        if (const auto notes = table.take_notes(); !notes.empty() && !send(FrameKind::notes, to_json(notes)))
            return false;
        if (!send(FrameKind::rows, rows.finish(table.bytes_read(), table.bytes_total())))
            return false;
        rows.clear();
    }
    return send(FrameKind::end, "");
}

Result<bool> read_and_send(std::string_view request) {
    // "path\nchoice": the name says something of the format, the file itself is open already.
    const auto line = request.find('\n');
    const std::string name(request.substr(0, line));
    const Choice choice = choice_of(request.substr(std::min(request.size(), line + 1)));
    const auto table = TRY(open(TRY(File::take(runtime::file_of_child, name)), choice));
    return send(FrameKind::description, to_json(table->description())) && TRY(send_rows(*table));
}

} // namespace

Result<std::unique_ptr<Table>> open_in_child(
    const std::string& path, const Choice& choice, const std::vector<std::string>& words, const ChildLimits& limits) {
    if (choice.sheet.size() > 1000 || choice.encoding.size() > 100)
        return fail(ErrorKind::invalid, "sheet.no_such_sheet",
            {"No sheet and no encoding has a name as long as that.", "工作表或编码的名称过长。"});
    const auto file = TRY(File::open(path));
    std::string name = path.substr(path.rfind('/') + 1);
    std::erase(name, '\n');
    runtime::PipedChild child{words,
        name.substr(name.size() - std::min<std::size_t>(name.size(), 1000)) + "\n" + to_json(choice),
        file->descriptor(), limits.memory_bytes_max,
        limits.processor_time_max + std::chrono::seconds(std::int64_t(file->size() / limits.bytes_per_second))};
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    child.memory_bytes_max = 0; // they map more than there is
#endif
    auto table = std::make_unique<ChildTable>(TRY(runtime::ChildStream::start(child)), limits.silence);
    TRY(table->begin());
    return table;
}

pid_t child_of(const Table& table) {
    return dynamic_cast<const ChildTable&>(table).child();
}

int serve_child() {
    const std::string request = runtime::read_request();
    runtime::shut_in();
    Result<bool> sent = false;
    try {
        sent = read_and_send(request);
    } catch (const std::bad_alloc&) {
        sent = too_much_memory();
    } catch (const std::length_error&) {
        sent = too_much_memory();
    }
    if (!sent)
        return send(FrameKind::failure, to_json(sent.error())) ? 0 : 1;
    return *sent ? 0 : 1;
}

} // namespace onefold::sheet
