#include "fetch/remote.h"
#include "runtime/piped_child.h"

#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace onefold::fetch {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t memory_bytes_max = std::uint64_t{1} << 30;
constexpr std::size_t answer_bytes_max = 16 << 20;
constexpr auto look_every = 200ms;         // whether it is to stop
constexpr std::int64_t mb_per_second = 10; // of processor time

std::string text_of(const Network& network) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, network.address.data(), text.data(), text.size());
    return fmt::format("{}/{}", text.data(), network.prefix_bits);
}

Failure child_ended() {
    return fail(ErrorKind::unavailable, "fetch.child_ended",
        {"The process that fetches files was ended. Nothing was lost; it is tried again at the next look.",
            "取数进程被终止。没有丢失数据，下次取数时会重试。"});
}

Failure too_slow(std::chrono::seconds after) {
    return fail(ErrorKind::unavailable, "fetch.too_slow",
        {fmt::format("It took longer than {} s and was given up. It is tried again at the next look.", after.count()),
            fmt::format("耗时超过 {} 秒，已放弃，下次取数时会重试。", after.count())});
}

Failure stopped() {
    return fail(ErrorKind::unavailable, "folder.cancelled", {"It was stopped.", "已停止。"});
}

// What was stored, or what the child tells, may be from anywhere.
Mark bounded(Mark mark) {
    for (std::string* text : {&mark.etag, &mark.last_modified})
        if (text->size() > mark_bytes_max)
            text->clear();
    return mark;
}

class File {
  public:
    explicit File(const std::string& path)
        : descriptor_(path.empty() ? ::open("/dev/null", O_RDWR | O_CLOEXEC)
                                   : ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

class RemotePlace final : public Place {
  public:
    RemotePlace(Ask ask, const std::atomic<bool>& is_stopping, std::vector<std::string> words)
        : ask_(std::move(ask)), words_(std::move(words)), is_stopping_(is_stopping) {}

    Result<Listing> list() override {
        ask_.act = Act::list;
        return TRY(answer("")).listing;
    }

    Result<std::optional<Arrived>> take(const Seen& seen, const Mark& mark, const std::string& to) override {
        ask_.act = Act::take;
        ask_.seen = seen;
        ask_.mark = bounded(mark);
        auto arrived = TRY(answer(to)).arrived;
        if (arrived)
            arrived->mark = bounded(std::move(arrived->mark));
        return arrived;
    }

    Result<MoveAnswer> put_away(const Move& move) override {
        if (ask_.settings.place == PlaceKind::https)
            return MoveAnswer{};
        ask_.act = Act::put_away;
        ask_.move = move;
        return TRY(answer("")).moved;
    }

    std::string host_key() const override { return host_key_; }

  private:
    Result<Answer> answer(const std::string& path) {
        const File file(path);
        if (file.descriptor() < 0)
            return child_ended();
        runtime::PipedChild child{words_, to_json(ask_), file.descriptor(), memory_bytes_max,
            std::chrono::seconds(30 + ask_.settings.size_mb_max / mb_per_second)};
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        child.memory_bytes_max = 0; // they map more than there is
#endif
        const auto stream = TRY(runtime::ChildStream::start(child));
        auto told = answer_of(TRY(read_all(*stream)));
        if (!told || !stream->ended_well())
            return child_ended();
        note_host_key(told->host_key);
        if (told->error)
            return fail(std::move(*told->error));
        if (!path.empty() && ::fsync(file.descriptor()) != 0)
            return child_ended();
        return std::move(*told);
    }

    // The first key of all is the one that the rest of the round is held to; another is seen by the next round.
    void note_host_key(const std::string& shown) {
        if (shown.empty() || is_pinned_here_)
            return;
        host_key_ = shown;
        if (ask_.settings.host_key.empty()) {
            ask_.settings.host_key = shown;
            is_pinned_here_ = true;
        }
    }

    Result<std::string> read_all(runtime::ChildStream& stream) const {
        const auto until = std::chrono::steady_clock::now() + ask_.limits.fetch_max + 30s;
        std::string all;
        for (std::array<char, 16384> room;;) {
            const auto size = stream.read(room, look_every);
            if (is_stopping_)
                return stopped();
            if (std::chrono::steady_clock::now() > until)
                return too_slow(ask_.limits.fetch_max);
            if (all.size() > answer_bytes_max)
                return child_ended();
            if (!size && size.error().code != "child.silent")
                return fail(size.error());
            if (size && *size == 0)
                return all;
            if (size)
                all.append(room.data(), *size);
        }
    }

    Ask ask_;
    const std::vector<std::string> words_;
    std::string host_key_;
    bool is_pinned_here_ = false;
    const std::atomic<bool>& is_stopping_;
};

} // namespace

std::unique_ptr<Place> make_remote_place(const Settings& settings, const Secrets& secrets,
    const std::vector<Network>& networks, const Limits& limits, const std::atomic<bool>& is_stopping,
    const std::vector<std::string>& words) {
    Ask ask;
    ask.settings = settings;
    ask.secrets = secrets;
    for (const Network& network : networks)
        ask.networks.push_back(text_of(network));
    ask.limits = limits;
    return std::make_unique<RemotePlace>(std::move(ask), is_stopping, words);
}

} // namespace onefold::fetch
