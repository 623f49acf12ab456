#include "core/text.h"
#include "fetch/remote.h"
#include "fetch/ssh_session.h"

#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <libssh/sftp.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

namespace onefold::fetch {
namespace {

constexpr std::uint32_t piece_bytes = 32 << 10;
constexpr std::size_t pieces_ahead_max = 16;

struct SftpCloser {
    void operator()(sftp_session session) const { sftp_free(session); }
};
struct AttributesCloser {
    void operator()(sftp_attributes attributes) const { sftp_attributes_free(attributes); }
};
struct FolderCloser {
    void operator()(sftp_dir folder) const { sftp_closedir(folder); }
};
struct FileCloser {
    void operator()(sftp_file file) const { sftp_close(file); }
};
using Attributes = std::unique_ptr<sftp_attributes_struct, AttributesCloser>;

LocalText cause_of(int code) {
    switch (code) {
    case SSH_FX_NO_SUCH_FILE:
    case SSH_FX_NO_SUCH_PATH:
        return {"it does not exist", "它不存在"};
    case SSH_FX_PERMISSION_DENIED:
    case SSH_FX_WRITE_PROTECT:
        return {"the server does not permit it", "服务器不允许"};
    case SSH_FX_FILE_ALREADY_EXISTS:
        return {"it exists already", "它已存在"};
    case SSH_FX_OP_UNSUPPORTED:
        return {"the server cannot do it", "服务器不支持该操作"};
    case SSH_FX_CONNECTION_LOST:
    case SSH_FX_NO_CONNECTION:
        return {"the connection was lost", "连接已断开"};
    default:
        return {"the server refused it", "服务器拒绝了该操作"};
    }
}

Failure refused(sftp_session session, const LocalText& what) {
    const int code = sftp_get_error(session);
    const auto cause = cause_of(code);
    const bool is_lost = code == SSH_FX_CONNECTION_LOST || code == SSH_FX_NO_CONNECTION || code == SSH_FX_OK;
    return fail(is_lost ? ErrorKind::unavailable : ErrorKind::forbidden,
        is_lost ? "fetch.unreachable" : "fetch.refused",
        {fmt::format("{}: {}.", what.in("en"), cause.in("en")),
            fmt::format("{}：{}。", what.in("zh-CN"), cause.in("zh-CN"))});
}

bool is_file(const sftp_attributes_struct& attributes) {
    if (attributes.flags & SSH_FILEXFER_ATTR_PERMISSIONS)
        return S_ISREG(attributes.permissions);
    return attributes.type == SSH_FILEXFER_TYPE_REGULAR;
}

Seen seen_of(const std::string& name, const sftp_attributes_struct& attributes) {
    // What no integer of ours can hold is larger than any limit.
    constexpr auto size_max = std::uint64_t(std::numeric_limits<std::int64_t>::max());
    return {name, std::int64_t(std::min(std::uint64_t(attributes.size), size_max)),
        std::int64_t(attributes.mtime) * 1'000'000, 0};
}

bool is_same(const Seen& a, const Seen& b) {
    return a.size == b.size && a.modified_us == b.modified_us;
}

class Sftp {
  public:
    explicit Sftp(const Ask& ask) : ask_(ask) {}

    Result<> open(ssh_session ssh) {
        session_.reset(sftp_new(ssh));
        if (!session_ || sftp_init(session_.get()) != SSH_OK)
            return unreachable(ask_.settings.host, {"it does not speak SFTP", "不支持 SFTP"});
        return {};
    }

    Result<Listing> list() {
        const std::string folder = ask_.settings.folder.empty() ? "." : ask_.settings.folder;
        const std::unique_ptr<sftp_dir_struct, FolderCloser> stream(sftp_opendir(session_.get(), folder.c_str()));
        if (!stream)
            return refused(session_.get(),
                {fmt::format("The folder {} could not be read", folder), fmt::format("无法读取目录 {}", folder)});
        Listing listing;
        while (const Attributes entry{sftp_readdir(session_.get(), stream.get())}) {
            if (!entry->name || !is_file(*entry) || !is_valid_utf8(entry->name))
                continue;
            if (listing.files.size() == ask_.limits.entries_max) {
                listing.is_cut = true;
                return listing;
            }
            listing.files.push_back(seen_of(entry->name, *entry));
        }
        if (!sftp_dir_eof(stream.get()))
            return refused(session_.get(),
                {fmt::format("The folder {} could not be read", folder), fmt::format("无法读取目录 {}", folder)});
        std::ranges::sort(listing.files, {}, &Seen::name);
        return listing;
    }

    Result<Arrived> take(int to) {
        const std::string& name = ask_.seen.name;
        const auto before = TRY(find(name));
        if (!before || !is_same(*before, ask_.seen))
            return changed(name);
        if (before->size < 0 || before->size > ask_.settings.size_mb_max << 20)
            return too_large(name, ask_.settings.size_mb_max);
        TRY(copy(name, std::uint64_t(before->size), to));
        const auto after = TRY(find(name));
        if (!after || !is_same(*after, *before))
            return changed(name);
        return Arrived{*after, {}};
    }

    Result<MoveAnswer> put_away() {
        const Move& move = ask_.move;
        const auto present = TRY(find(move.seen.name));
        if (!present)
            return MoveAnswer{Moved::gone, {}};
        if (!is_same(*present, move.seen))
            return MoveAnswer{Moved::changed, {}};
        const std::string folder = path_of(move.folder);
        sftp_mkdir(session_.get(), folder.c_str(), 0755); // it may be there
        std::string name = move.seen.name;
        if (TRY(find(move.folder + "/" + name)))
            name = move.to_name;
        const std::string from = path_of(move.seen.name), to = folder + "/" + name;
        if (sftp_rename(session_.get(), from.c_str(), to.c_str()) != SSH_OK) {
            auto failed =
                refused(session_.get(), {fmt::format("The file could not be moved into the folder {}", move.folder),
                                            fmt::format("无法将文件移入目录 {}", move.folder)});
            if (failed.error().kind == ErrorKind::unavailable)
                return failed;
            return MoveAnswer{Moved::refused, failed.error().message};
        }
        if (const auto there = TRY(find(move.folder + "/" + name)); there && !is_same(*there, move.seen)) {
            sftp_rename(session_.get(), to.c_str(), from.c_str()); // another took its name a moment before
            return MoveAnswer{Moved::changed, {}};
        }
        if (!move.note.empty() && !write(to + ".txt", move.note))
            write(folder + "/" + move.to_name + ".txt", move.note);
        return MoveAnswer{};
    }

  private:
    std::string path_of(const std::string& name) const {
        const std::string& folder = ask_.settings.folder;
        if (folder.empty())
            return name;
        return folder.ends_with('/') ? folder + name : folder + "/" + name;
    }

    Failure changed(const std::string& name) const {
        return fail(ErrorKind::unavailable, "folder.changed",
            {fmt::format("{} changed while it was read.", name), fmt::format("{} 在读取过程中发生了变化。", name)});
    }

    // A regular file, not the one that a link leads to.
    Result<std::optional<Seen>> find(const std::string& name) {
        const Attributes attributes(sftp_lstat(session_.get(), path_of(name).c_str()));
        if (attributes)
            return is_file(*attributes) ? std::optional(seen_of(name, *attributes)) : std::nullopt;
        const int code = sftp_get_error(session_.get());
        if (code == SSH_FX_NO_SUCH_FILE || code == SSH_FX_NO_SUCH_PATH)
            return std::optional<Seen>();
        return refused(session_.get(), {fmt::format("{} could not be read", name), fmt::format("无法读取 {}", name)});
    }

    // Several pieces are asked for ahead; a short one makes it begin again behind it.
    Result<> copy(const std::string& name, std::uint64_t size, int to) {
        const std::unique_ptr<sftp_file_struct, FileCloser> file(
            sftp_open(session_.get(), path_of(name).c_str(), O_RDONLY, 0));
        const auto failed = [&] {
            return refused(
                session_.get(), {fmt::format("{} could not be read", name), fmt::format("无法读取 {}", name)});
        };
        if (!file)
            return failed();
        std::string piece(piece_bytes, '\0');
        std::deque<std::uint32_t> asked;
        std::uint64_t done = 0, wanted = 0;
        while (done < size) {
            for (; wanted < size && asked.size() < pieces_ahead_max; wanted += piece_bytes) {
                const int id = sftp_async_read_begin(file.get(), piece_bytes);
                if (id < 0)
                    return failed();
                asked.push_back(std::uint32_t(id));
            }
            const int got = sftp_async_read(file.get(), piece.data(), piece_bytes, asked.front());
            asked.pop_front();
            if (got < 0)
                return failed();
            if (got == 0)
                return changed(name);
            done += std::uint64_t(got);
            if (done > std::uint64_t(ask_.settings.size_mb_max) << 20)
                return too_large(name, ask_.settings.size_mb_max);
            TRY(put(to, {piece.data(), std::size_t(got)}));
            if (std::uint32_t(got) == piece_bytes || done >= size)
                continue;
            for (; !asked.empty(); asked.pop_front())
                sftp_async_read(file.get(), piece.data(), piece_bytes, asked.front());
            sftp_seek64(file.get(), done);
            wanted = done;
        }
        for (; !asked.empty(); asked.pop_front())
            sftp_async_read(file.get(), piece.data(), piece_bytes, asked.front());
        return {};
    }

    static Result<> put(int to, std::string_view rest) {
        while (!rest.empty()) {
            const auto size = ::write(to, rest.data(), rest.size());
            if (size < 0 && errno != EINTR)
                return fail(ErrorKind::storage_full, "fetch.no_space",
                    {"The file could not be written: the disk of the server is full.",
                        "无法写入文件：服务器磁盘已满。"});
            rest.remove_prefix(std::size_t(std::max<ssize_t>(size, 0)));
        }
        return {};
    }

    // Never over another. The file is in its folder already; without a text beside it the page still says why.
    bool write(const std::string& path, std::string_view text) {
        const std::unique_ptr<sftp_file_struct, FileCloser> file(
            sftp_open(session_.get(), path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644));
        return file && sftp_write(file.get(), text.data(), text.size()) == ssize_t(text.size());
    }

    const Ask& ask_;
    std::unique_ptr<sftp_session_struct, SftpCloser> session_;
};

Result<> act(const Ask& ask, int to, Answer& answer) {
    SshSession ssh;
    const auto connected = ssh.connect(ask);
    answer.host_key = ssh.host_key();
    TRY(connected);
    Sftp sftp(ask);
    TRY(sftp.open(ssh.get()));
    if (ask.act == Act::list)
        answer.listing = TRY(sftp.list());
    else if (ask.act == Act::take)
        answer.arrived = TRY(sftp.take(to));
    else
        answer.moved = TRY(sftp.put_away());
    return {};
}

} // namespace

Answer ask_sftp(const Ask& ask, int to) {
    Answer answer;
    if (const auto done = act(ask, to, answer); !done)
        answer.error = done.error();
    return answer;
}

} // namespace onefold::fetch
