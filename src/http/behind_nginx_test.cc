// Behind a proxy that reads requests in its own way: what it took for one request reached the server as one.
#include "http/bind.h"
#include "http/fake_plugs.h"
#include "http/guard_vectors.h"
#include "http/raw_client.h"
#include "http/server.h"
#include "testing/folder.h"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

namespace onefold::http {
namespace {

using namespace std::chrono_literals;

constexpr const char* nginx = "/usr/sbin/nginx";

// Strange fields are passed on, bodies piece by piece, and connections to the server are kept for the next request:
// whatever one leaves behind would be taken for a part of another's.
std::string settings(const std::string& folder, int port) {
    return fmt::format(R"(daemon off; master_process off; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 64; }}
http {{
    log_format status $upstream_status; access_log {0}/access.log status;
    client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
    upstream onefold {{ server 127.0.0.1:{1}; keepalive 4; }}
    server {{
        listen unix:{0}/socket; underscores_in_headers on; ignore_invalid_headers off;
        location / {{
            proxy_pass http://onefold; proxy_http_version 1.1; proxy_request_buffering off;
            proxy_set_header Connection ""; proxy_set_header Host $http_host;
        }}
    }}
}})",
        folder, port);
}

class BehindNginx : public ::testing::Test {
  protected:
    void SetUp() override {
        options_.hosts = {"here"};
        options_.workers = 2;
        for (const auto& [method, path] : {std::pair(Method::get, "/thing"), std::pair(Method::post, "/echo")})
            contract_.add_raw({.method = method,
                                  .path = path,
                                  .name = path,
                                  .permission = open_to_all,
                                  .audit = not_audited,
                                  .summary = LocalText("Raw")},
                {}, {}, [this](const Caller&, const Incoming&, Respond respond) {
                    ++calls_;
                    respond(json_answer(200, boost::json::object{}));
                });
        contract_.connect({plugs_.gatekeeper, plugs_.positions, plugs_.replays});
        auto started = Server::start(contract_, files_, options_);
        ASSERT_TRUE(started);
        server_ = std::move(*started);
        std::ofstream(folder_.file("conf")) << settings(folder_.path(), server_->port());
        const std::string file = folder_.file("conf");
        const char* words[] = {nginx, "-p", folder_.path().c_str(), "-c", file.c_str(), "-e", "stderr", nullptr};
        ASSERT_EQ(posix_spawn(&proxy_, nginx, nullptr, nullptr, const_cast<char**>(words), environ), 0)
            << nginx << " is missing";
        for (int i = 0; i < 500 && !RawClient(socket()).is_connected(); ++i)
            std::this_thread::sleep_for(10ms);
    }
    void TearDown() override {
        if (proxy_ > 0) {
            kill(proxy_, SIGTERM);
            waitpid(proxy_, nullptr, 0);
        }
    }
    std::filesystem::path socket() const { return folder_.file("socket"); }
    std::string ask(const std::string& request) {
        RawClient client(socket());
        client.send(request);
        client.send("GET /thing HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        return client.rest(2s);
    }
    // Requests that the proxy sent on and was told to have gone well.
    int sent_on() const {
        std::ifstream log(folder_.file("access.log"));
        int count = 0;
        for (std::string line; std::getline(log, line);)
            count += line == "200" ? 1 : 0;
        return count;
    }
    // The log is written behind the answer.
    bool is_even() const {
        for (int i = 0; i < 50 && sent_on() != calls_; ++i)
            std::this_thread::sleep_for(10ms);
        return sent_on() == calls_;
    }

    testing::Folder folder_;
    FakePlugs plugs_;
    Contract contract_;
    StaticFiles files_;
    Options options_;
    std::unique_ptr<Server> server_;
    std::atomic<int> calls_ = 0;
    pid_t proxy_ = 0;
};

TEST_F(BehindNginx, NoRequestHidesInAnother) {
    auto vectors = vectors_to_take();
    std::ranges::move(vectors_to_refuse(), std::back_inserter(vectors));
    ASSERT_GE(vectors.size(), 60u);
    for (const auto& vector : vectors) {
        const auto answer = ask(vector.request);
        EXPECT_TRUE(is_even()) << vector.name << ": " << calls_ << " calls, " << sent_on() << " sent on\n" << answer;
        const auto next = ask("");
        EXPECT_TRUE(next.starts_with("HTTP/1.1 200 ")) << "behind " << vector.name << ": " << next;
    }
    EXPECT_GT(calls_, int(vectors.size())) << "the proxy sends on what is asked";
    EXPECT_TRUE(is_even());
    const int before = sent_on();
    RawClient aside(server_->port()); // one that the proxy knows nothing of is noticed
    aside.send("GET /thing HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    aside.rest(2s);
    EXPECT_EQ(sent_on(), before);
    EXPECT_FALSE(is_even());
}

} // namespace
} // namespace onefold::http
