// The whole way of one request behind the parser.
#include "core/text.h"
#include "http/contract.h"
#include "http/route.h"

#include <algorithm>
#include <chrono>
#include <sodium.h>
#include <spdlog/spdlog.h>

namespace onefold::http {

namespace {

// One request on its way; ends with `finish`.
class Passage {
  public:
    Passage(const Operation& operation, Plugs& plugs, Incoming incoming, Respond respond,
        std::atomic<std::int64_t>& in_flight)
        : operation_(operation),
          plugs_(plugs),
          incoming_(std::move(incoming)),
          respond_(std::move(respond)),
          in_flight_(in_flight) {
        ++in_flight_;
    }
    ~Passage() { --in_flight_; }
    Passage(const Passage&) = delete;
    Passage& operator=(const Passage&) = delete;

    Result<> admit();
    Result<> wait();
    Result<Outgoing> answer();
    void finish(Outgoing outgoing);
    void finish(const Error& error);
    void run_raw(const std::shared_ptr<Passage>& self);

    const Caller& caller() const { return caller_; }
    const Incoming& incoming() const { return incoming_; }
    bool ends_later() const { return bool(operation_.raw); }

  private:
    Result<std::optional<Outgoing>> replay(std::string_view key);
    Result<Outgoing> handle(const void* request);
    void record(std::string_view verb, int status);
    void add_position(Outgoing& outgoing);

    const Operation& operation_;
    Plugs& plugs_;
    Incoming incoming_;
    Respond respond_;
    std::atomic<std::int64_t>& in_flight_;
    Caller caller_;
    std::string answered_id_;
    std::string visible_; // before it was read
    bool was_handled_ = false;
    bool was_finished_ = false;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

Result<> Passage::admit() {
    caller_.locale = locale_from(incoming_.header("accept-language"));
    caller_.request_id = new_request_id();
    caller_.address = incoming_.address;
    const bool is_open = operation_.spec.permission.code == open_to_all.code;
    if (operation_.spec.permission.code != by_write_key.code) {
        auto identified = plugs_.gatekeeper.identify(incoming_);
        if (identified) {
            identified->request_id = caller_.request_id;
            if (identified->address.empty())
                identified->address = incoming_.address;
            caller_ = std::move(*identified);
        } else if (!is_open || identified.error().kind != ErrorKind::unauthenticated) {
            record(operation_.name, identified.error().kind == ErrorKind::forbidden ? 403 : 401);
            return fail(std::move(identified).error());
        }
    }
    auto allowed = plugs_.gatekeeper.allow(caller_, operation_.spec.permission);
    if (!allowed && caller_.principal.is_signed_in())
        record(operation_.name, 403);
    if (!allowed || operation_.binding.request || operation_.spec.parameters == Parameters::any)
        return allowed;
    return check_no_query(incoming_);
}

Result<> Passage::wait() {
    if (operation_.spec.method != Method::get)
        return {};
    const auto position = incoming_.header("onefold-min-position");
    if (!position.empty())
        TRY(plugs_.positions.wait_until_visible(position));
    visible_ = plugs_.positions.visible();
    return {};
}

void Passage::record(std::string_view verb, int status) {
    try {
        plugs_.gatekeeper.record(
            caller_, verb, incoming_.path_values.empty() ? answered_id_ : incoming_.path_values.front().second, status);
    } catch (const std::exception& exception) {
        spdlog::error("{} {}: audit: {}", caller_.request_id, verb, exception.what());
    }
}

bool is_key(std::string_view key) {
    return key.size() <= 255 && std::ranges::all_of(key, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

std::string digest_of(const Incoming& incoming) {
    std::array<unsigned char, 32> digest;
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, digest.size());
    for (const std::string& part : {incoming.path, incoming.body}) {
        const std::uint64_t size = part.size();
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
    }
    crypto_generichash_final(&state, digest.data(), digest.size());
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// The stored answer where this create was done before; nothing where the key is ours now.
Result<std::optional<Outgoing>> Passage::replay(std::string_view key) {
    if (!is_key(key))
        return fail(ErrorKind::invalid, "http.bad_key",
            {"An Idempotency-Key has at most 255 printable ASCII characters. Nothing was changed.",
                "Idempotency-Key 最多 255 个可打印 ASCII 字符。未做任何更改。"});
    const auto digest = digest_of(incoming_);
    auto known = TRY(plugs_.replays.begin(caller_, operation_.name, key, digest));
    if (!known)
        return std::nullopt;
    if (known->body_digest != digest)
        return fail(ErrorKind::unprocessable, "http.key_reused",
            {"This Idempotency-Key came before with another request. Nothing was changed; use a new key.",
                "此 Idempotency-Key 已用于另一个请求。未做任何更改，请使用新的键。"});
    if (!known->is_finished)
        return fail(Error{ErrorKind::conflict, "http.key_running",
            {"The same request is being carried out already. Ask again in a moment.",
                "相同的请求正在处理中，请稍后再试。"},
            {}, 1});
    known->answer.headers.emplace_back("Idempotent-Replay", "true");
    return std::move(known->answer);
}

Result<Outgoing> Passage::handle(const void* request) {
    Answer answer;
    answer.incoming = &incoming_;
    was_handled_ = true;
    auto result = [&]() -> Result<Written> {
        try {
            return operation_.binding.handle(caller_, request, answer);
        } catch (const std::exception& exception) {
            spdlog::error("{} {}: {}", caller_.request_id, operation_.name, exception.what());
        } catch (...) {
            spdlog::error("{} {}: unknown exception", caller_.request_id, operation_.name);
        }
        return fail(ErrorKind::internal, "http.internal", {});
    }();
    was_handled_ = !answer.is_preview;
    if (!result)
        return fail(std::move(result).error());
    Outgoing outgoing;
    outgoing.headers = std::move(answer.headers);
    if (operation_.binding.response) {
        outgoing.status = operation_.spec.creates == Creates::something ? 201 : 200;
        outgoing.body = std::move(result->body);
        outgoing.headers.emplace_back("Content-Type", "application/json");
        if (!result->version.empty())
            outgoing.headers.emplace_back("ETag", '"' + result->version + '"');
    } else {
        outgoing.status = 204;
    }
    answered_id_ = std::move(result->id);
    add_position(outgoing);
    return outgoing;
}

Result<Outgoing> Passage::answer() {
    const auto request = TRY(read_input(operation_, incoming_));
    const std::string key(
        takes_idempotency_key(operation_.spec) ? incoming_.header("idempotency-key") : std::string_view{});
    if (key.empty())
        return handle(request.get());
    if (auto known = TRY(replay(key)))
        return std::move(*known);
    auto outgoing = handle(request.get());
    if (!outgoing) {
        if (auto abandoned = plugs_.replays.abandon(caller_, operation_.name, key); !abandoned)
            spdlog::warn("{} {}: {}", caller_.request_id, operation_.name, abandoned.error().message.in("en"));
        return outgoing;
    }
    Outgoing kept = *outgoing;
    std::erase_if(kept.headers, [](const auto& header) { return header.first == "Set-Cookie"; });
    if (auto finished = plugs_.replays.finish(caller_, operation_.name, key, kept); !finished)
        spdlog::warn("{} {}: {}", caller_.request_id, operation_.name, finished.error().message.in("en"));
    return outgoing;
}

void Passage::add_position(Outgoing& outgoing) {
    if (outgoing.status >= 300)
        return;
    constexpr std::string_view name = "Onefold-Position";
    if (std::ranges::none_of(outgoing.headers, [&](const auto& header) { return header.first == name; }))
        outgoing.headers.emplace_back(
            name, operation_.spec.method == Method::get ? visible_ : plugs_.positions.accepted());
}

void Passage::finish(const Error& error) {
    if (error.kind == ErrorKind::internal)
        spdlog::error("{} {}: {} {}", caller_.request_id, operation_.name, error.code, error.message.in("en"));
    finish(outgoing_of(error, caller_.locale, caller_.request_id));
}

void Passage::finish(Outgoing outgoing) {
    if (std::ranges::none_of(outgoing.headers, [](const auto& header) { return header.first == "X-Request-Id"; }))
        outgoing.headers.emplace_back("X-Request-Id", caller_.request_id);
    if (std::exchange(was_finished_, true))
        return;
    if (was_handled_ && !operation_.verb.empty())
        record(operation_.verb, outgoing.status);
    const auto took = std::chrono::steady_clock::now() - began_;
    operation_.answers_by_class[std::size_t(outgoing.status / 100) % 6].fetch_add(1, std::memory_order_relaxed);
    operation_.microseconds.fetch_add(
        std::uint64_t(std::chrono::duration_cast<std::chrono::microseconds>(took).count()), std::memory_order_relaxed);
    respond_(std::move(outgoing));
}

void Passage::run_raw(const std::shared_ptr<Passage>& self) {
    was_handled_ = true;
    const auto was_answered = std::make_shared<std::atomic_flag>();
    auto respond = [self, was_answered](Outgoing outgoing) {
        if (was_answered->test_and_set())
            return;
        self->add_position(outgoing);
        self->finish(std::move(outgoing));
    };
    try {
        operation_.raw(caller_, incoming_, respond);
    } catch (const std::exception& exception) {
        spdlog::error("{} {}: {}", caller_.request_id, operation_.name, exception.what());
        respond(outgoing_of(Error{ErrorKind::internal, "http.internal"}, caller_.locale, caller_.request_id));
    }
}

} // namespace

void Contract::dispatch(Incoming incoming, Respond respond) {
    VERIFY(plugs_.has_value());
    auto found = routes_->find(incoming.method, incoming.path);
    const auto locale = locale_from(incoming.header("accept-language"));
    if (!found.operation) {
        const bool is_method = !found.allowed.empty();
        auto outgoing = outgoing_of(is_method ? Error{ErrorKind::invalid, "http.method_not_allowed",
                                                    {"This path does not take this method.", "此路径不支持该方法。"}}
                                              : Error{ErrorKind::not_found, "http.no_such_path",
                                                    {"There is nothing at this path.", "此路径不存在。"}},
            locale, new_request_id());
        if (is_method) {
            outgoing.status = 405;
            outgoing.headers.emplace_back("Allow", found.allowed);
        }
        return respond(std::move(outgoing));
    }
    for (std::size_t i = 0; i < found.values.size(); ++i)
        incoming.path_values.emplace_back(found.operation->path_names[i], found.values[i]);
    const auto passage =
        std::make_shared<Passage>(*found.operation, *plugs_, std::move(incoming), std::move(respond), in_flight_);
    try {
        if (auto admitted = passage->admit(); !admitted)
            return passage->finish(admitted.error());
        if (auto waited = passage->wait(); !waited)
            return passage->finish(waited.error());
        if (found.operation->stream)
            return passage->finish(Error{ErrorKind::invalid, "http.is_stream",
                {"This is a live stream; it needs the server.", "这是实时数据流，需要通过服务器访问。"}});
        if (passage->ends_later())
            return passage->run_raw(passage);
        auto answer = passage->answer();
        if (answer)
            passage->finish(std::move(*answer));
        else
            passage->finish(answer.error());
    } catch (const std::exception& exception) {
        spdlog::error("{} {}: {}", passage->caller().request_id, found.operation->name, exception.what());
        passage->finish(Error{ErrorKind::internal, "http.internal"});
    }
}

std::optional<Outgoing> Contract::open_stream(Incoming incoming, std::shared_ptr<EventStream> stream) {
    VERIFY(plugs_.has_value());
    const auto found = routes_->find(incoming.method, incoming.path);
    VERIFY(found.operation && found.operation->stream);
    for (std::size_t i = 0; i < found.values.size(); ++i)
        incoming.path_values.emplace_back(found.operation->path_names[i], found.values[i]);
    std::optional<Outgoing> refused;
    Passage passage(
        *found.operation, *plugs_, std::move(incoming), [&](Outgoing outgoing) { refused = std::move(outgoing); },
        in_flight_);
    try {
        if (auto admitted = passage.admit(); !admitted)
            passage.finish(admitted.error());
        else if (auto waited = passage.wait(); !waited)
            passage.finish(waited.error());
        else if (auto opened = found.operation->stream(passage.caller(), passage.incoming(), std::move(stream));
            !opened)
            passage.finish(opened.error());
    } catch (const std::exception& exception) {
        spdlog::error("{} {}: {}", passage.caller().request_id, found.operation->name, exception.what());
        passage.finish(Error{ErrorKind::internal, "http.internal"});
    }
    return refused;
}

} // namespace onefold::http
