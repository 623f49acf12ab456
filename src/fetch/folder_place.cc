#include "fetch/place.h"
#include "fetch/sight.h"
#include "runtime/folder_beneath.h"

#include <filesystem>
#include <tuple>

namespace onefold::fetch {
namespace {

using runtime::FolderBeneath;

constexpr std::size_t others_per_file_max = 10; // names that are not meant

// Where it leads to, as far as it is there.
std::string real_path(const std::filesystem::path& path) {
    std::error_code error;
    const auto whole = std::filesystem::absolute(path, error);
    const auto real = std::filesystem::weakly_canonical(whole, error);
    return runtime::plain_path((error ? whole.lexically_normal() : real).string());
}

Seen seen_of(const runtime::FolderEntry& entry) {
    return {entry.name, std::int64_t(entry.size), entry.modified_us, entry.inode};
}

class FolderPlace final : public Place {
  public:
    FolderPlace(const Settings& settings, std::vector<std::string> roots, const Limits& limits,
        const std::atomic<bool>& is_stopping)
        : settings_(settings), roots_(std::move(roots)), limits_(limits), is_stopping_(is_stopping) {}

    Result<Listing> list() override {
        const auto listing = TRY(TRY(open()).list(others_per_file_max * limits_.entries_max));
        Listing answer{{}, listing.is_cut};
        for (const auto& entry : listing.entries) {
            if (is_passed_over(entry.name) || !matches(entry.name, settings_.pattern))
                continue;
            if (answer.files.size() == limits_.entries_max) {
                answer.is_cut = true;
                break;
            }
            answer.files.push_back(seen_of(entry));
        }
        return answer;
    }

    Result<std::optional<Arrived>> take(const Seen& seen, const Mark&, const std::string& to) override {
        const auto bytes_max = std::uint64_t(settings_.size_mb_max) << 20;
        return Arrived{seen_of(TRY(TRY(open()).copy(seen.name, to, bytes_max, is_stopping_))), {}};
    }

    Result<MoveAnswer> put_away(const Move& move) override {
        const auto folder = TRY(open());
        const auto present = TRY(folder.find(move.seen.name));
        if (!present)
            return MoveAnswer{Moved::gone, {}};
        if (!is_same(seen_of(*present), move.seen))
            return MoveAnswer{Moved::changed, {}};
        const auto moved = move_into(folder, move);
        if (moved || moved.error().code == "fetch.changed")
            return MoveAnswer{moved ? Moved::done : Moved::changed, {}};
        return MoveAnswer{Moved::refused, moved.error().message};
    }

  private:
    Result<FolderBeneath> open() const {
        return FolderBeneath::open(
            TRY(root_of(settings_.folder, roots_)), settings_.folder, FolderBeneath::Missing::made);
    }
    static bool is_same(const Seen& a, const Seen& b) {
        return a.size == b.size && a.modified_us == b.modified_us && (a.inode == b.inode || b.inode == 0);
    }

    // Looked at again where it now lies: another file may have taken its name a moment before.
    static Result<> move_into(const FolderBeneath& folder, const Move& move) {
        const auto to = TRY(folder.below(move.folder, FolderBeneath::Missing::made));
        std::string name = move.seen.name;
        auto moved = folder.move(move.seen.name, to, name);
        if (!moved && moved.error().code == "files.eexist")
            moved = folder.move(move.seen.name, to, name = move.to_name);
        TRY(std::move(moved));
        const auto there = TRY(to.find(name));
        if (there && !is_same(seen_of(*there), move.seen)) {
            TRY(to.move(name, folder, move.seen.name));
            return fail(ErrorKind::conflict, "fetch.changed", LocalText(move.seen.name));
        }
        // It is moved, and the page says why: a text that cannot be written beside it changes nothing.
        if (!move.note.empty() && !to.write(name + ".txt", move.note))
            std::ignore = to.write(move.to_name + ".txt", move.note);
        return {};
    }

    const Settings settings_;
    const std::vector<std::string> roots_;
    const Limits limits_;
    const std::atomic<bool>& is_stopping_;
};

} // namespace

std::unique_ptr<Place> make_folder_place(const Settings& settings, const std::vector<std::string>& roots,
    const Limits& limits, const std::atomic<bool>& is_stopping) {
    return std::make_unique<FolderPlace>(settings, roots, limits, is_stopping);
}

Result<std::string> root_of(const std::string& folder, const std::vector<std::string>& roots) {
    const std::string plain = runtime::plain_path(folder);
    for (const std::string& root : roots)
        if (!plain.empty() && runtime::is_below(plain, runtime::plain_path(root)))
            return root;
    const std::string all = fmt::format("{}", fmt::join(roots, ", "));
    return fail(ErrorKind::invalid, "folder.outside",
        {fmt::format("The folder is not below one that this server may read: {}. The operator allows more with "
                     "--fetch-root.",
             all),
            fmt::format("该目录不在本服务器允许读取的目录之内：{}。可由运维人员用 --fetch-root 增加。", all)});
}

Result<> check_apart(const std::string& folder, const std::string& own) {
    const std::string watched = real_path(folder),
                      data = real_path(std::filesystem::path(real_path(own)).parent_path());
    const std::string inbox = data == "/" ? "/inbox" : data + "/inbox";
    if (!runtime::is_below(data, watched) && (!runtime::is_below(watched, data) || runtime::is_below(watched, inbox)))
        return {};
    return fail(ErrorKind::invalid, "folder.own",
        {fmt::format("The folder {} holds this server's own data, or lies in it. Choose another, or one below {}.",
             folder, inbox),
            fmt::format(
                "目录 {} 包含或属于本服务器自己的数据目录。请选择其他目录，或 {} 之下的目录。", folder, inbox)});
}

std::string numbered(const std::string& name, std::int64_t number) {
    const std::filesystem::path path(name);
    return fmt::format("{}.{}{}", path.stem().string(), number, path.extension().string());
}

} // namespace onefold::fetch
