#include "runtime/runtime.h"
#include "runtime/transfer.h"
#include "testing/folder.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace onefold::runtime {
namespace {

using namespace std::chrono_literals;

// Takes one connection, keeps the request it reads, and answers with `answer` as it stands.
class LittleServer {
  public:
    enum class Manner { answer, stay_silent };

    explicit LittleServer(std::string answer, Manner manner = Manner::answer) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        port_ = ntohs(address.sin_port);
        begin(std::move(answer), manner);
    }
    LittleServer(const std::string& folder, const std::string& name, std::string answer) {
        const int folder_descriptor = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{.sun_family = AF_UNIX};
        const auto path = fmt::format("/proc/self/fd/{}/{}", folder_descriptor, name);
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        ::close(folder_descriptor);
        begin(std::move(answer), Manner::answer);
    }
    ~LittleServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::string url(const std::string& path = "/") const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }
    int port() const { return port_; }
    // What it was asked; ask after the answer is there.
    const std::string& request() const { return request_; }

  private:
    void begin(std::string answer, Manner manner) {
        EXPECT_EQ(::listen(listener_, 4), 0);
        thread_ = std::thread([this, answer = std::move(answer), manner] {
            const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0)
                return;
            read_request(connection);
            if (manner == Manner::stay_silent) {
                pollfd closed{connection, POLLRDHUP, 0};
                ::poll(&closed, 1, 10'000);
            } else {
                for (std::size_t sent = 0; sent < answer.size();) {
                    const auto count = ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
                    if (count <= 0)
                        break;
                    sent += std::size_t(count);
                }
            }
            ::close(connection);
        });
    }
    void read_request(int connection) {
        char some[4096];
        while (true) {
            const auto end = request_.find("\r\n\r\n");
            const auto length = request_.find("Content-Length: ");
            const std::size_t body = length < end ? std::stoul(request_.substr(length + 16)) : 0;
            if (end != request_.npos && request_.size() >= end + 4 + body)
                return;
            const auto count = ::recv(connection, some, sizeof some, 0);
            if (count <= 0)
                return;
            request_.append(some, std::size_t(count));
        }
    }

    int listener_ = -1;
    int port_ = 0;
    std::string request_;
    std::thread thread_;
};

std::string answer_of(const std::string& body) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", body.size(), body);
}

class NetworkTest : public ::testing::Test {
  protected:
    std::unique_ptr<Network> network = make_system_network();
};

TEST(Header, IsANameInLowerCaseAndItsText) {
    using Pair = std::pair<std::string, std::string>;
    EXPECT_EQ(header_of("ETag: \"x:y\"\r\n"), (Pair{"etag", "\"x:y\""}));
    EXPECT_EQ(header_of("Empty:\r\n"), (Pair{"empty", ""}));
    EXPECT_EQ(header_of("HTTP/1.1 200 OK\r\n"), Pair());
}

TEST_F(NetworkTest, SendsARequestAndReadsStatusHeadersAndBody) {
    LittleServer server{"HTTP/1.1 418 Teapot\r\nX-Tea:  Oolong \r\nVia: a\r\nVIA: b\r\nContent-Length: "
                        "3\r\nConnection: close\r\n\r\nhot"};
    const auto response = network->request({.method = "PATCH",
        .url = server.url("/pot?size=2"),
        .headers = {{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}, {"X-Empty", ""}},
        .body = R"({"茶":1})"});
    ASSERT_TRUE(response) << response.error().message.in("en");
    EXPECT_EQ(response->status, 418);
    EXPECT_EQ(response->body, "hot");
    EXPECT_EQ(response->headers.at("x-tea"), "Oolong");
    EXPECT_EQ(response->headers.at("via"), "a, b");
    EXPECT_TRUE(server.request().starts_with("PATCH /pot?size=2 HTTP/1.1\r\n")) << server.request();
    EXPECT_NE(server.request().find("Authorization: Bearer t\r\n"), std::string::npos);
    EXPECT_NE(server.request().find("X-Empty:\r\n"), std::string::npos);
    EXPECT_TRUE(server.request().ends_with("\r\n\r\n{\"茶\":1}"));
}

TEST_F(NetworkTest, SendsGetHeadAndDeleteWithoutABody) {
    for (const std::string method : {"GET", "HEAD", "DELETE"}) {
        LittleServer server{"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"};
        const auto response = network->request({.method = method, .url = server.url()});
        ASSERT_TRUE(response) << response.error().message.in("en");
        EXPECT_EQ(response->status, 204);
        EXPECT_TRUE(server.request().starts_with(method + " / HTTP/1.1\r\n"));
        EXPECT_EQ(server.request().find("Content-"), std::string::npos) << server.request();
    }
}

TEST_F(NetworkTest, DoesNotFollowRedirects) {
    LittleServer server{
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
    EXPECT_EQ(network->request({.url = server.url()})->status, 302);
}

TEST_F(NetworkTest, ReachesAUnixSocketAlsoWhereItsPathIsTooLongForTheSystem) {
    const testing::Folder folder;
    auto files = make_system_files();
    const std::string deep = folder.file(std::string(120, 'd') + "/" + std::string(60, 'e'));
    ASSERT_TRUE(files->make_folder(deep));
    for (const std::string& where : {folder.path(), deep}) {
        LittleServer server{where, "onefold.sock", answer_of("here")};
        const auto response =
            network->request({.url = "http://onefold/healthz", .unix_socket = where + "/onefold.sock"});
        ASSERT_TRUE(response) << response.error().message.in("en");
        EXPECT_EQ(response->body, "here");
        EXPECT_NE(server.request().find("GET /healthz HTTP/1.1\r\nHost: onefold\r\n"), std::string::npos);
    }
    EXPECT_EQ(network->request({.url = "http://onefold/", .unix_socket = deep + "/none.sock"}).error().code,
        "network.unreachable");
}

TEST_F(NetworkTest, IgnoresProxiesOfTheEnvironment) {
    LittleServer server{answer_of("direct")};
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
        ::setenv(name, "http://127.0.0.1:1", 1);
    const auto response = network->request({.url = server.url()});
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
        ::unsetenv(name);
    ASSERT_TRUE(response) << response.error().message.in("en");
    EXPECT_EQ(response->body, "direct");
}

TEST_F(NetworkTest, NamesWhyThereIsNoAnswer) {
    const auto nobody = network->request({.url = "http://127.0.0.1:1/"});
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, "network.unreachable");
    EXPECT_EQ(nobody.error().kind, ErrorKind::unavailable);
    EXPECT_NE(nobody.error().message.in("zh-CN").find("127.0.0.1"), std::string_view::npos);

    LittleServer silent{"", LittleServer::Manner::stay_silent};
    EXPECT_EQ(network->request({.url = silent.url(), .timeout = 200ms}).error().code, "network.timeout");

    LittleServer large{answer_of(std::string(100'001, 'x'))};
    EXPECT_EQ(network->request({.url = large.url(), .response_bytes_max = 100'000}).error().code, "network.too_large");
    LittleServer just_right{answer_of(std::string(100'000, 'x'))};
    EXPECT_EQ(network->request({.url = just_right.url(), .response_bytes_max = 100'000})->body.size(), 100'000u);
    LittleServer wordy{"HTTP/1.1 200 OK\r\n" + [] {
        std::string headers;
        for (int i = 0; i < 5000; ++i)
            headers += fmt::format("X-{}: {}\r\n", i, std::string(60, 'x'));
        return headers;
    }() + "\r\n"};
    EXPECT_FALSE(network->request({.url = wordy.url()}));
}

TEST_F(NetworkTest, RefusesWhatIsNotARequest) {
    for (const std::string url : {"", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://",
             "http://127.0.0.1:1/a\r\nX: y"})
        EXPECT_EQ(network->request({.url = url}).error().code, "network.invalid_request") << url;
    const std::string url = "http://127.0.0.1:1/";
    EXPECT_EQ(network->request({.method = "GET /x", .url = url}).error().code, "network.invalid_request");
    EXPECT_EQ(network->request({.url = url, .headers = {{"X", "a\r\nY: b"}}}).error().code, "network.invalid_request");
    EXPECT_EQ(network->request({.url = url, .headers = {{"X: a\r\nY", "b"}}}).error().code, "network.invalid_request");
}

// A server whose certificate nobody signed but itself.
class SelfSignedServer {
  public:
    SelfSignedServer() {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* certificate = X509_new();
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        X509_NAME* name = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(
            name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
        X509_set_issuer_name(certificate, name);
        X509_sign(certificate, key, EVP_sha256());
        context_ = SSL_CTX_new(TLS_server_method());
        EXPECT_EQ(SSL_CTX_use_certificate(context_, certificate), 1);
        EXPECT_EQ(SSL_CTX_use_PrivateKey(context_, key), 1);
        X509_free(certificate);
        EVP_PKEY_free(key);
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        EXPECT_EQ(::listen(listener_, 4), 0);
        port = ntohs(address.sin_port);
        thread_ = std::thread([this] {
            const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            SSL* session = SSL_new(context_);
            SSL_set_fd(session, connection);
            is_accepted = SSL_accept(session) == 1;
            SSL_free(session);
            ::close(connection);
        });
    }
    ~SelfSignedServer() {
        if (thread_.joinable())
            thread_.join();
        ::close(listener_);
        SSL_CTX_free(context_);
    }
    void join() { thread_.join(); }

    int port = 0;
    bool is_accepted = false;

  private:
    SSL_CTX* context_ = nullptr;
    int listener_ = -1;
    std::thread thread_;
};

TEST_F(NetworkTest, RefusesACertificateThatNobodyVouchesFor) {
    SelfSignedServer server;
    const auto response = network->request({.url = fmt::format("https://127.0.0.1:{}/", server.port)});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, "network.unreachable");
    EXPECT_NE(response.error().message.in("en").find("certificate"), std::string_view::npos)
        << response.error().message.in("en");
    server.join();
    EXPECT_FALSE(server.is_accepted);
}

} // namespace
} // namespace onefold::runtime
