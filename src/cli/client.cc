#include "cli/client.h"

namespace onefold::cli {
namespace {

using namespace std::chrono_literals;
constexpr auto wait_max = 60s;

class SocketClient : public Client {
  public:
    SocketClient(std::string folder, Locale locale) : Client(std::move(locale)), folder_(std::move(folder)) {}

    bool is_there() { return send({http::Method::get, "/healthz", ""}).has_value(); }

  private:
    Result<http::Outgoing> send(const Call& call) override {
        runtime::OutboundRequest request;
        request.method = call.method == http::Method::get     ? "GET"
                         : call.method == http::Method::patch ? "PATCH"
                                                              : "POST";
        request.url = "http://localhost" + call.path;
        request.unix_socket = house::socket_path(folder_);
        request.headers = {{"Accept-Language", locale_}};
        if (call.method != http::Method::get) {
            request.headers["Content-Type"] = "application/json";
            request.body = call.body;
        }
        if (call.version)
            request.headers["If-Match"] = fmt::format("\"{}\"", *call.version);
        request.timeout = std::chrono::minutes{10};
        const auto answer = TRY(network_->request(request));
        return http::Outgoing{answer.status, {}, answer.body};
    }

    const std::string folder_;
    std::unique_ptr<runtime::Network> network_ = runtime::make_system_network();
};

class HouseClient : public Client {
  public:
    HouseClient(std::unique_ptr<house::House> house, Locale locale)
        : Client(std::move(locale)), house_(std::move(house)) {}

  private:
    Result<http::Outgoing> send(const Call& call) override {
        http::Incoming incoming;
        incoming.method = call.method;
        incoming.path = call.path;
        incoming.is_local = true;
        incoming.headers = {{"accept-language", locale_}, {"host", "localhost"}};
        if (call.method != http::Method::get)
            incoming.headers.emplace_back("content-type", "application/json");
        if (call.version)
            incoming.headers.emplace_back("if-match", fmt::format("\"{}\"", *call.version));
        incoming.body = call.body;
        std::promise<http::Outgoing> answer;
        house_->contract().dispatch(
            std::move(incoming), [&](http::Outgoing outgoing) { answer.set_value(std::move(outgoing)); });
        return answer.get_future().get();
    }

    std::unique_ptr<house::House> house_;
};

// The kind decides the exit code; the rest is as the server said it.
Error error_of(int status, const boost::json::value& body) {
    Error error;
    error.kind = status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid;
    const auto* json = body.is_object() ? body.get_object().if_contains("error") : nullptr;
    if (!json || !json->is_object())
        return {
            error.kind, "cli.bad_answer", {"The server gave an answer that cannot be read.", "无法解读服务器的应答。"}};
    error.code = json->at("code").as_string();
    error.message = LocalText(json->at("message").as_string());
    if (const auto* fields = json->get_object().if_contains("fields"); fields && fields->is_array())
        for (const auto& field : fields->get_array())
            error.fields.push_back({std::string(field.at("path").as_string()),
                std::string(field.at("code").as_string()), LocalText(field.at("message").as_string())});
    return error;
}

} // namespace

Result<boost::json::object> Client::call(
    http::Method method, const std::string& path, const boost::json::object& body) {
    return answer_to({method, path, method == http::Method::get ? "" : boost::json::serialize(body)});
}

Result<boost::json::object> Client::change(
    const std::string& path, std::int64_t version, const boost::json::object& body) {
    return answer_to({http::Method::patch, path, boost::json::serialize(body), version});
}

Result<boost::json::object> Client::answer_to(const Call& call) {
    const auto answer = TRY(send(call));
    boost::system::error_code error;
    const auto json = boost::json::parse(answer.body, error);
    if (answer.status >= 300 || error || !json.is_object())
        return fail(error_of(answer.status, error ? boost::json::value{} : json));
    return json.get_object();
}

Result<std::unique_ptr<Client>> connect(const std::string& folder, const Locale& locale) {
    for (const auto deadline = std::chrono::steady_clock::now() + wait_max; std::chrono::steady_clock::now() < deadline;
        std::this_thread::sleep_for(100ms)) {
        auto house = house::House::open({folder, std::nullopt});
        if (house)
            return std::make_unique<HouseClient>(std::move(*house), locale);
        if (house.error().code != "runtime.folder_in_use")
            return fail(std::move(house).error());
        auto server = std::make_unique<SocketClient>(folder, locale);
        if (server->is_there())
            return server;
    }
    return fail(ErrorKind::unavailable, "cli.folder_busy",
        {fmt::format("Another command is at work in {}. Try again when it has ended.", folder),
            fmt::format("另一个命令正在使用 {}，请稍后再试。", folder)});
}

} // namespace onefold::cli
