#include "core/text.h"
#include "http/bind.h"
#include "http/body_size.h"
#include "http/fake_plugs.h"
#include "http/guard_vectors.h"
#include "http/gzip.h"
#include "http/raw_client.h"
#include "http/server.h"
#include "testing/folder.h"

#include <fstream>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <thread>

namespace onefold::http {
namespace {

using namespace std::chrono_literals;

struct Asked {
    std::optional<std::string> a, b, c;
};
BOOST_DESCRIBE_STRUCT(Asked, (), (a, b, c))

class ServerTest : public ::testing::Test {
  protected:
    ServerTest() {
        options.hosts = {"here"};
        options.workers = 2;
        add_raw(
            Method::get, "/thing",
            [this](const Caller&, const Incoming&, Respond respond) {
                ++calls;
                respond(json_answer(200, boost::json::object{}));
            },
            http::Run::at_once);
        contract.add<Asked, Nothing>({Method::get, "/ask", "ask.get", open_to_all, not_audited, {"Ask", "询问"}},
            [this](const Caller&, const Asked&) -> Result<Nothing> {
                ++calls;
                return Nothing{};
            });
        add_raw(Method::post, "/echo", [this](const Caller&, const Incoming& incoming, Respond respond) {
            ++calls;
            respond({200, {{"Content-Type", "application/json"}}, incoming.body});
        });
        add_raw(Method::get, "/big", [](const Caller&, const Incoming&, Respond respond) {
            respond({200, {{"Content-Type", "application/json"}}, '"' + std::string(100'000, 'x') + '"'});
        });
        add_raw(Method::get, "/slow", [this](const Caller&, const Incoming&, Respond respond) {
            ++running;
            std::this_thread::sleep_for(300ms);
            respond(json_answer(200, "slow"));
        });
        add_raw(Method::get, "/who", [](const Caller&, const Incoming& incoming, Respond respond) {
            respond(json_answer(200, {{"address", incoming.address}, {"is_local", incoming.is_local},
                                         {"is_encrypted", incoming.is_encrypted}}));
        });
        add_raw(Method::get, "/forgets", [](const Caller&, const Incoming&, const Respond&) {});
        add_raw(Method::get, "/later", [this](const Caller&, const Incoming&, Respond respond) {
            const std::lock_guard lock(others_mutex);
            others.emplace_back([respond] {
                std::this_thread::sleep_for(20ms);
                respond(json_answer(200, "later"));
            });
        });
        contract.add_stream({Method::get, "/stream", "stream.get", may_read, not_audited, {"Stream", "数据流"}},
            [this](const Caller&, const Incoming&, std::shared_ptr<EventStream> opened) -> Result<> {
                opened->send("hello", "one\ntwo");
                live = std::move(opened);
                return {};
            });
        contract.connect({plugs.gatekeeper, plugs.positions, plugs.replays});
    }
    ~ServerTest() override {
        server.reset();
        for (auto& thread : others)
            thread.join();
    }
    void add_raw(
        Method method, std::string_view path, Contract::RawHandler handler, http::Run run = http::Run::worker) {
        Spec spec{.method = method,
            .path = path,
            .name = path,
            .permission = open_to_all,
            .audit = not_audited,
            .summary = LocalText("Raw")};
        spec.body_bytes_max = 5'000;
        spec.run = run;
        contract.add_raw(std::move(spec), {}, {}, std::move(handler));
    }
    void start() {
        auto started = Server::start(contract, files, options);
        ASSERT_TRUE(started) << started.error().message.in("en");
        server = std::move(*started);
    }
    std::string ask(std::string_view request) {
        RawClient client(server->port());
        client.send(request);
        return client.rest();
    }
    static std::string header(const std::string& answer, const std::string& name) {
        const auto at = answer.find("\r\n" + name + ": ");
        if (at == answer.npos)
            return "";
        const auto from = at + name.size() + 4;
        return answer.substr(from, answer.find("\r\n", from) - from);
    }
    static std::string body(const std::string& answer) {
        return answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4));
    }
    static int status(const std::string& answer) {
        return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
    }

    FakePlugs plugs;
    Contract contract;
    StaticFiles files;
    Options options;
    std::unique_ptr<Server> server;
    std::mutex others_mutex;
    std::vector<std::thread> others;
    std::shared_ptr<EventStream> live;
    std::atomic<int> calls = 0;
    std::atomic<int> running = 0;
};

const std::string closing = "Connection: close\r\n";

TEST_F(ServerTest, RefusesEveryFramingVectorAndReadsNothingBehindIt) {
    start();
    for (const auto& vector : vectors_to_refuse()) {
        RawClient client(server->port());
        const int before = calls;
        client.send(vector.request);
        client.send("GET /thing HTTP/1.1\r\nHost: here\r\n\r\n");
        const auto answer = client.rest(2s);
        EXPECT_TRUE(client.is_closed()) << vector.name;
        EXPECT_EQ(status(answer), 400) << vector.name << ": " << answer;
        EXPECT_EQ(answer.find("HTTP/1.1 ", 1), answer.npos) << vector.name << ": " << answer;
        EXPECT_EQ(calls, before) << vector.name;
    }
    EXPECT_GT(server->metrics().heads_refused, 60u);
}

TEST_F(ServerTest, TakesEveryGoodVector) {
    start();
    for (const auto& vector : vectors_to_take()) {
        RawClient client(server->port());
        client.send(vector.request);
        auto answer = client.answer(!vector.request.starts_with("HEAD"));
        if (status(answer) == 100)
            answer = client.answer();
        EXPECT_EQ(status(answer), 200) << vector.name << ": " << answer;
    }
    EXPECT_EQ(server->metrics().heads_refused, 0u);
}

TEST_F(ServerTest, KeepsConnectionsAlive) {
    start();
    RawClient client(server->port());
    for (int i = 0; i < 5; ++i) {
        client.send(get(""));
        const auto answer = client.answer();
        EXPECT_EQ(status(answer), 200);
        EXPECT_EQ(body(answer), "{}");
        client.send(post("Content-Length: 3\r\n", "[1]"));
        EXPECT_EQ(body(client.answer()), "[1]");
    }
    client.send(get(closing));
    EXPECT_EQ(status(client.rest()), 200);
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(server->metrics().connections_accepted, 1u);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
    start();
    RawClient client(server->port());
    std::string requests = "GET /slow HTTP/1.1\r\nHost: here\r\n\r\n";
    for (int i = 0; i < 20; ++i)
        requests += post(fmt::format("Content-Length: {}\r\n", i < 10 ? 1 : 2), std::to_string(i)) + get("");
    client.send(requests);
    EXPECT_EQ(body(client.answer()), "\"slow\"");
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(body(client.answer()), std::to_string(i));
        EXPECT_EQ(body(client.answer()), "{}");
    }
}

TEST_F(ServerTest, TakesRequestsByteByByte) {
    start();
    RawClient client(server->port());
    for (const char c : chunked("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"))
        client.send({&c, 1});
    EXPECT_EQ(body(client.answer()), "{}");
}

TEST_F(ServerTest, CutsSlowHeadsAndIdleConnections) {
    options.head_timeout = 100ms;
    options.idle_timeout = 200ms;
    start();
    RawClient slow(server->port()), idle(server->port());
    slow.send("GET /thing HTTP/1.1\r\nHost");
    EXPECT_EQ(slow.rest(2s), "");
    EXPECT_TRUE(slow.is_closed());
    EXPECT_EQ(idle.rest(2s), "");
    EXPECT_TRUE(idle.is_closed());
    EXPECT_EQ(server->metrics().timeouts, 1u);
}

TEST_F(ServerTest, CutsSlowBodiesButNotThoseThatKeepComing) {
    options.body_grace = 100ms;
    options.body_bytes_per_second_min = 10;
    start();
    RawClient slow(server->port()), steady(server->port());
    slow.send(post("Content-Length: 100\r\n", "["));
    steady.send(post("Content-Length: 60\r\n", ""));
    for (int i = 0; i < 6; ++i) {
        steady.send("          ");
        std::this_thread::sleep_for(40ms);
    }
    EXPECT_EQ(status(steady.answer()), 200);
    EXPECT_EQ(slow.rest(2s), "");
    EXPECT_TRUE(slow.is_closed());
}

TEST_F(ServerTest, CutsThoseWhoDoNotReadTheirAnswers) {
    options.write_grace = 100ms;
    start();
    RawClient deaf(server->port()), other(server->port());
    std::string requests;
    for (int i = 0; i < 200; ++i)
        requests += "GET /big HTTP/1.1\r\nHost: here\r\n\r\n";
    deaf.send(requests);
    for (int i = 0; i < 1000 && server->metrics().timeouts == 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(server->metrics().timeouts, 1u);
    other.send("GET /big HTTP/1.1\r\nHost: here\r\n\r\n");
    EXPECT_EQ(body(other.answer()).size(), 100'002u);
}

TEST_F(ServerTest, CutsThoseWhoseWholeAnswerTheSystemHolds) {
    options.write_grace = 200ms;
    options.idle_timeout = 60s;
    start();
    RawClient deaf(server->port(), 4'096);
    deaf.send("GET /big HTTP/1.1\r\nHost: here\r\n\r\n");
    for (int i = 0; i < 1000 && server->metrics().timeouts == 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(server->metrics().timeouts, 1u);
    for (int i = 0; i < 1000 && server->metrics().connections > 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(server->metrics().connections, 0);
}

TEST_F(ServerTest, LetsThoseTakeTheirTimeWhoKeepTaking) {
    options.write_grace = 1s;
    options.write_bytes_per_second_min = 20'000;
    options.head_timeout = 40ms; // so that it is looked after often
    start();
    RawClient steady(server->port(), 4'096);
    steady.send("GET /big HTTP/1.1\r\nHost: here\r\n\r\n");
    std::string got;
    for (int i = 0; i < 100 && got.size() < 100'000; ++i) {
        got += steady.some(4'000);
        std::this_thread::sleep_for(60ms);
    }
    EXPECT_GE(got.size(), 100'000u);
    EXPECT_EQ(server->metrics().timeouts, 0u);
}

TEST_F(ServerTest, RefusesBodiesThatAreTooLargeBeforeTheyCome) {
    start();
    RawClient announced(server->port());
    announced.send(post("Content-Length: 5001\r\n", ""));
    auto answer = announced.rest(2s);
    EXPECT_EQ(status(answer), 413);
    EXPECT_TRUE(announced.is_closed());
    EXPECT_NE(body(answer).find("http.too_large"), std::string::npos);
    RawClient in_chunks(server->port());
    in_chunks.send(
        chunked("1000\r\n" + std::string(4096, 'x') + "\r\n1000\r\n" + std::string(4096, 'x') + "\r\n0\r\n\r\n"));
    EXPECT_EQ(status(in_chunks.rest(2s)), 413);
    RawClient expecting(server->port());
    expecting.send(post("Expect: 100-continue\r\nContent-Length: 5001\r\n", ""));
    EXPECT_EQ(status(expecting.rest(2s)), 413);
    RawClient insisting(server->port()); // it sends all of it before it reads: the answer must be there still
    insisting.send(post("Content-Length: 8000000\r\n", std::string(8'000'000, 'x')));
    EXPECT_EQ(status(insisting.rest(2s)), 413);
    RawClient just(server->port());
    just.send(post("Content-Length: 5000\r\n", std::string(5000, ' ')));
    EXPECT_EQ(status(just.answer()), 200);
    EXPECT_EQ(calls, 1);
}

TEST_F(ServerTest, TellsTheHandlerOfSendersOfABodyThatItDoesNotRead) {
    Spec spec{.method = Method::post,
        .path = "/send",
        .name = "test.send",
        .permission = by_write_key,
        .audit = not_audited,
        .summary = LocalText("Send")};
    spec.body_bytes_max = 5'000;
    std::vector<bool> unread;
    contract.add_raw(std::move(spec), {}, {}, [&](const Caller&, const Incoming& incoming, Respond respond) {
        unread.push_back(is_unread(incoming, 5'000));
        respond(outgoing_of(too_large(5'000), "en", "r"));
    });
    start();
    auto send = [&](std::string_view headers, std::size_t announced, std::string_view bytes) {
        RawClient client(server->port());
        client.send(fmt::format(
            "POST /send HTTP/1.1\r\nHost: here\r\n{}Content-Length: {}\r\n\r\n{}", headers, announced, bytes));
        const auto answer = client.rest(2s);
        EXPECT_EQ(status(answer), 413);
        EXPECT_NE(body(answer).find("5000 bytes"), std::string::npos);
    };
    send("", 5'001, "");
    send("", 8'000'000, std::string(8'000'000, 'x'));
    EXPECT_EQ(unread, (std::vector{true, true}));
    send("Content-Encoding: gzip\r\n", 5'001, "");
    EXPECT_EQ(unread.size(), 2U);
    RawClient just(server->port());
    just.send("POST /send HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}");
    just.answer();
    EXPECT_EQ(unread, (std::vector{true, true, false}));
}

TEST_F(ServerTest, GoesOnWhenAClientExpectsIt) {
    start();
    RawClient client(server->port());
    client.send(post("Expect: 100-continue\r\nContent-Length: 2\r\n", ""));
    EXPECT_EQ(client.answer(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("{}");
    EXPECT_EQ(body(client.answer()), "{}");
}

TEST_F(ServerTest, UnpacksGzipBodiesWithALimit) {
    start();
    auto send = [&](const std::string& bytes, std::string_view encoding) {
        RawClient client(server->port());
        client.send(post(fmt::format("Content-Encoding: {}\r\nContent-Length: {}\r\n", encoding, bytes.size()), bytes));
        return client.answer();
    };
    EXPECT_EQ(body(send(gzipped("[1,2]"), "gzip")), "[1,2]");
    EXPECT_EQ(status(send(gzipped(std::string(5'000, 'x')), "gzip")), 200);
    EXPECT_EQ(status(send(gzipped(std::string(5'001, 'x')), "gzip")), 413);
    EXPECT_EQ(status(send(gzipped(std::string(4'000'000, 'x')), "gzip")), 413);
    EXPECT_EQ(status(send("no gzip at all", "gzip")), 400);
    EXPECT_EQ(status(send(gzipped("[1,2]").substr(0, 10), "gzip")), 400);
    EXPECT_EQ(status(send(gzipped("[1,2]") + "x", "gzip")), 400);
    EXPECT_EQ(status(send("x", "br")), 415);
}

TEST_F(ServerTest, PacksLargeAnswersForWhoTakesThem) {
    start();
    RawClient client(server->port());
    client.send("GET /big HTTP/1.1\r\nHost: here\r\nAccept-Encoding: br, gzip;q=0.5\r\n\r\n");
    const auto packed = client.answer();
    EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(gunzipped(body(packed), 1 << 20)->size(), 100'002u);
    for (const auto* accepted : {"br", "gzip;q=0", "identity"}) {
        client.send(fmt::format("GET /big HTTP/1.1\r\nHost: here\r\nAccept-Encoding: {}\r\n\r\n", accepted));
        EXPECT_EQ(body(client.answer()).size(), 100'002u) << accepted;
    }
    client.send(get("Accept-Encoding: gzip\r\n"));
    EXPECT_EQ(header(client.answer(), "Content-Encoding"), "");
}

TEST_F(ServerTest, AnswersHeadLikeGetWithoutTheBody) {
    start();
    RawClient client(server->port());
    client.send("HEAD /big HTTP/1.1\r\nHost: here\r\n\r\n");
    const auto answer = client.answer(false);
    EXPECT_EQ(status(answer), 200);
    EXPECT_EQ(header(answer, "Content-Length"), "100002");
    client.send(get(""));
    EXPECT_EQ(body(client.answer()), "{}");
}

TEST_F(ServerTest, KnowsPathsAndMethods) {
    start();
    EXPECT_EQ(status(ask("GET /api/nothing HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")), 404);
    const auto wrong = ask("PUT /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(status(wrong), 405);
    EXPECT_EQ(header(wrong, "Allow"), "POST");
    EXPECT_EQ(header(wrong, "Connection"), "close");
    const auto options_answer = ask("OPTIONS /echo HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status(options_answer), 405);
    EXPECT_EQ(header(options_answer, "Allow"), "POST");
    EXPECT_EQ(status(ask("POST /nothing HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")), 404);
    const auto page = ask("GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status(page), 200);
    EXPECT_NE(page.find("no web interface"), std::string::npos);
}

TEST_F(ServerTest, ProtectsEveryAnswer) {
    start();
    for (const auto* path : {"/", "/thing", "/api/nothing", "/th%00ing"}) {
        const auto answer = ask(fmt::format("GET {} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", path));
        EXPECT_EQ(header(answer, "X-Content-Type-Options"), "nosniff") << path;
        EXPECT_NE(header(answer, "Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos) << path;
        EXPECT_NE(header(answer, "Permissions-Policy"), "") << path;
        EXPECT_NE(header(answer, "Referrer-Policy"), "") << path;
        EXPECT_NE(header(answer, "Cache-Control"), "") << path;
        EXPECT_EQ(header(answer, "Strict-Transport-Security"), "") << path;
    }
}

TEST_F(ServerTest, AnswersLateAndAnswersForHandlersThatForget) {
    start();
    RawClient client(server->port());
    client.send("GET /later HTTP/1.1\r\nHost: here\r\n\r\n");
    EXPECT_EQ(body(client.answer()), "\"later\"");
    client.send("GET /forgets HTTP/1.1\r\nHost: here\r\n\r\n");
    EXPECT_EQ(status(client.answer()), 500);
}

TEST_F(ServerTest, RefusesQuicklyWhatItCannotServe) {
    options.workers = 1;
    options.queue_max = 2;
    options.queue_wait_max = 50ms;
    start();
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(std::make_unique<RawClient>(server->port()));
        clients.back()->send("GET /slow HTTP/1.1\r\nHost: here\r\n\r\n");
        while (i == 0 && running == 0)
            std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(5ms);
    }
    int served = 0, refused = 0;
    for (auto& client : clients) {
        const auto answer = client->answer();
        served += status(answer) == 200;
        refused += status(answer) == 503 && header(answer, "Retry-After") == "1";
    }
    EXPECT_EQ(served, 1);
    EXPECT_EQ(refused, 5); // three at once, two that waited too long
    EXPECT_EQ(server->metrics().requests_refused_by_load, 5u);
    RawClient other(server->port());
    other.send(get(""));
    EXPECT_EQ(status(other.answer()), 200);
}

TEST_F(ServerTest, RefusesWithOneAnswerWhoSentManyRequestsAtOnce) {
    options.workers = 1;
    options.queue_max = 1;
    start();
    RawClient served(server->port()), waiting(server->port()), greedy(server->port());
    const std::string request = "GET /slow HTTP/1.1\r\nHost: here\r\n\r\n";
    served.send(request);
    while (running == 0)
        std::this_thread::sleep_for(1ms);
    waiting.send(request);
    std::this_thread::sleep_for(20ms);
    greedy.send(request + request + request);
    const auto all = greedy.rest(2s);
    EXPECT_EQ(status(all), 503);
    EXPECT_EQ(header(all, "Connection"), "close");
    EXPECT_EQ(all.find("HTTP/1.1", 1), all.npos) << "one answer";
    EXPECT_TRUE(greedy.is_closed());
    EXPECT_EQ(status(served.answer()), 200);
    EXPECT_EQ(status(waiting.answer()), 200);
}

TEST_F(ServerTest, AnOperationSaysInItsOwnWordsThatThereIsNoTime) {
    options.workers = 1;
    options.queue_max = 1;
    contract.set_turn_away("/slow", [](const Incoming& incoming) {
        return outgoing_of(Error{ErrorKind::unavailable, "slow.busy", {"Come again.", "请稍后。"}, {}, 7},
            locale_from(incoming.header("accept-language")), "id");
    });
    start();
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<RawClient>(server->port()));
        clients.back()->send("GET /slow HTTP/1.1\r\nHost: here\r\nAccept-Language: zh-CN\r\n\r\n");
        while (i == 0 && running == 0)
            std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(5ms);
    }
    const auto answer = clients.back()->answer();
    EXPECT_EQ(status(answer), 503);
    EXPECT_EQ(header(answer, "Retry-After"), "7");
    EXPECT_NE(body(answer).find("请稍后"), std::string::npos);
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(status(clients[std::size_t(i)]->answer()), 200);
}

TEST_F(ServerTest, HoldsItsLimitOfConnections) {
    options.connections_max = 2;
    start();
    RawClient first(server->port());
    first.send(get(""));
    EXPECT_EQ(status(first.answer()), 200);
    {
        RawClient second(server->port());
        second.send(get(""));
        EXPECT_EQ(status(second.answer()), 200);
        RawClient third(server->port());
        third.send(get(""));
        const auto refused = third.rest(2s);
        EXPECT_EQ(status(refused), 503);
        EXPECT_NE(header(refused, "Retry-After"), "");
        EXPECT_NE(body(refused).find("http.overloaded"), std::string::npos);
        EXPECT_TRUE(third.is_closed());
        EXPECT_EQ(server->metrics().requests_refused_by_load, 1u);
        second.send(get(""));
        EXPECT_EQ(status(second.answer()), 200);
    }
    for (int i = 0; i < 200 && server->metrics().connections > 1; ++i)
        std::this_thread::sleep_for(10ms);
    RawClient fourth(server->port());
    fourth.send(get(""));
    EXPECT_EQ(status(fourth.answer()), 200) << "somebody has gone";
}

TEST(ConnectionsMax, LeavesDescriptorsForAllElse) {
    EXPECT_EQ(connections_max_of(20'000), 18'400u);
    EXPECT_EQ(connections_max_of(1'024), 768u);
    EXPECT_EQ(connections_max_of(1'000'000'000), 50'000u);
}

TEST_F(ServerTest, StreamsEvents) {
    options.heartbeat = 50ms;
    start();
    EXPECT_EQ(status(ask("GET /stream HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")), 401);
    auto client = std::make_unique<RawClient>(server->port());
    client->send("GET /stream HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer viewer\r\n\r\n");
    const auto begin = client->until_words("event: hello\ndata: one\ndata: two\n\n");
    EXPECT_EQ(status(begin), 200);
    EXPECT_EQ(header(begin, "Content-Type"), "text/event-stream");
    EXPECT_NE(client->until_words(": still here\n\n").find(": still here"), std::string::npos);
    ASSERT_TRUE(live);
    EXPECT_FALSE(live->is_closed());
    std::thread([&] { live->send("position", "{\"position\":\"p2\"}"); }).join();
    EXPECT_NE(
        client->until_words("p2\"}\n\n").find("event: position\ndata: {\"position\":\"p2\"}\n\n"), std::string::npos);
    client.reset();
    for (int i = 0; i < 200 && !live->is_closed(); ++i)
        std::this_thread::sleep_for(5ms);
    EXPECT_TRUE(live->is_closed());
    live->send("position", "nobody hears it");
}

TEST_F(ServerTest, EndsStreamsWhenItStops) {
    start();
    RawClient client(server->port());
    client.send("GET /stream HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer viewer\r\n\r\n");
    client.until_words("two\n\n");
    const auto began = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
    client.rest();
    EXPECT_TRUE(client.is_closed());
    EXPECT_TRUE(live->is_closed());
}

TEST_F(ServerTest, FinishesWhatRunsWhenItStops) {
    start();
    RawClient busy(server->port()), idle(server->port());
    busy.send("GET /slow HTTP/1.1\r\nHost: here\r\n\r\n");
    idle.send(get(""));
    idle.answer();
    while (running == 0)
        std::this_thread::sleep_for(1ms);
    const int port = server->port();
    std::thread stopping([&] { server->stop(); });
    const auto answer = busy.answer();
    EXPECT_EQ(body(answer), "\"slow\"");
    EXPECT_EQ(header(answer, "Connection"), "close");
    EXPECT_EQ(idle.rest(), "");
    EXPECT_TRUE(idle.is_closed());
    busy.end();
    stopping.join();
    EXPECT_FALSE(RawClient(port).is_connected());
}

TEST_F(ServerTest, CutsWhatDoesNotEndInTimeWhenItStops) {
    options.stop_timeout = 50ms;
    start();
    RawClient busy(server->port());
    busy.send("GET /slow HTTP/1.1\r\nHost: here\r\n\r\n");
    while (running == 0)
        std::this_thread::sleep_for(1ms);
    server->stop();
    EXPECT_EQ(busy.rest(), "");
    EXPECT_TRUE(busy.is_closed());
}

TEST_F(ServerTest, ListensOnAUnixSocketWithALongPath) {
    const onefold::testing::Folder folder;
    const auto deep = std::filesystem::path(folder.path()) / std::string(100, 'd') / std::string(100, 'e');
    std::filesystem::create_directories(deep);
    options.unix_socket = deep / "onefold.sock";
    start();
    struct stat status_of_file{};
    ASSERT_EQ(stat(options.unix_socket.c_str(), &status_of_file), 0);
    EXPECT_EQ(status_of_file.st_mode & 0777, 0600u);
    {
        RawClient client{std::filesystem::path(options.unix_socket)};
        client.send("GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EXPECT_EQ(body(client.answer()), R"({"address":"","is_local":true,"is_encrypted":false})");
    }
    EXPECT_EQ(body(ask("GET /who HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")),
        R"({"address":"127.0.0.1","is_local":false,"is_encrypted":false})");
    server->stop();
    EXPECT_FALSE(std::filesystem::exists(options.unix_socket));
    start(); // and a socket that a killed server left is no hindrance
    EXPECT_TRUE(std::filesystem::exists(options.unix_socket));
}

TEST_F(ServerTest, BelievesOnlyTrustedProxiesForWhomTheyAsk) {
    const std::string request = "GET /who HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: "
                                "203.0.113.7\r\nConnection: close\r\n\r\n";
    start();
    EXPECT_NE(body(ask(request)).find(R"("address":"127.0.0.1")"), std::string::npos);
    options.trusted_proxies = {"127.0.0.0/8"};
    start();
    EXPECT_NE(body(ask(request)).find(R"("address":"203.0.113.7")"), std::string::npos);
    options.trusted_proxies = {"not a network"};
    EXPECT_EQ(Server::start(contract, files, options).error().code, "http.bad_proxy");
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
    start();
    auto twice = options;
    twice.port = server->port();
    EXPECT_EQ(Server::start(contract, files, twice).error().code, "http.cannot_listen");
    auto nowhere = options;
    nowhere.address = "not an address";
    EXPECT_EQ(Server::start(contract, files, nowhere).error().code, "http.cannot_listen");
    auto bad = options;
    bad.certificate_file = bad.key_file = "/nowhere/at/all.pem";
    EXPECT_EQ(Server::start(contract, files, bad).error().code, "http.bad_certificate");
}

TEST_F(ServerTest, ServesManyConnectionsOnTwoThreads) {
    options.io_threads = 2;
    start();
    std::vector<std::thread> clients;
    std::atomic<int> good = 0;
    for (int i = 0; i < 8; ++i)
        clients.emplace_back([&] {
            RawClient client(server->port());
            for (int k = 0; k < 50; ++k) {
                client.send(
                    post("Content-Length: 2\r\n", "{}") + get("") + "GET /later HTTP/1.1\r\nHost: here\r\n\r\n");
                good += status(client.answer()) == 200;
                good += status(client.answer()) == 200;
                good += status(client.answer()) == 200;
            }
        });
    for (auto& client : clients)
        client.join();
    EXPECT_EQ(good, 8 * 50 * 3);
}

// ---- TLS ----

// A key and a certificate that it signed itself.
void write_certificate(const std::string& name, const std::string& certificate_file, const std::string& key_file) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
    X509_set_pubkey(certificate, key);
    auto* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    BIO* out = BIO_new_file(certificate_file.c_str(), "w");
    PEM_write_bio_X509(out, certificate);
    BIO_free(out);
    out = BIO_new_file(key_file.c_str(), "w");
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    BIO_free(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

// Answer and name of the certificate; empty where no connection came about.
std::pair<std::string, std::string> ask_over_tls(int port, const std::string& request, int version_max) {
    RawClient socket(port);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, version_max);
    SSL* connection = SSL_new(context);
    SSL_set_fd(connection, socket.fd());
    std::pair<std::string, std::string> result;
    if (SSL_connect(connection) == 1) {
        X509* certificate = SSL_get1_peer_certificate(connection);
        char name[100] = {};
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
        X509_free(certificate);
        result.second = name;
        SSL_write(connection, request.data(), int(request.size()));
        char buffer[4'096];
        for (int size = 0; (size = SSL_read(connection, buffer, sizeof buffer)) > 0;)
            result.first.append(buffer, std::size_t(size));
        SSL_shutdown(connection);
    }
    SSL_free(connection);
    SSL_CTX_free(context);
    return result;
}

TEST_F(ServerTest, SpeaksTlsAndReadsANewCertificate) {
    const onefold::testing::Folder folder;
    options.certificate_file = folder.file("certificate.pem");
    options.key_file = folder.file("key.pem");
    write_certificate("first", options.certificate_file, options.key_file);
    start();
    const std::string request = "GET /who HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
    const auto [answer, name] = ask_over_tls(server->port(), request, TLS1_3_VERSION);
    EXPECT_EQ(name, "first");
    EXPECT_EQ(body(answer), R"({"address":"127.0.0.1","is_local":false,"is_encrypted":true})");
    EXPECT_NE(header(answer, "Strict-Transport-Security"), "");
    EXPECT_EQ(status(ask_over_tls(server->port(), request, TLS1_2_VERSION).first), 200);
    EXPECT_EQ(ask_over_tls(server->port(), request, TLS1_1_VERSION).first, "");

    const auto renewed = std::filesystem::last_write_time(options.key_file) + 2s;
    write_certificate("second", options.certificate_file, options.key_file);
    std::filesystem::last_write_time(options.key_file, renewed);
    EXPECT_EQ(ask_over_tls(server->port(), request, TLS1_3_VERSION).second, "second");
    std::ofstream(options.key_file) << "broken";
    std::filesystem::last_write_time(options.key_file, renewed + 2s);
    EXPECT_EQ(ask_over_tls(server->port(), request, TLS1_3_VERSION).second, "second");
}

class OriginsTest : public ServerTest {
  protected:
    OriginsTest() {
        contract.add_raw(spec("/open", Origins::any), {}, {}, answer());
        contract.add_path("/open", "/also");
        contract.add_raw(spec("/with_cookies", Origins::any_with_cookies), {}, {}, answer());
        contract.add_raw(spec("/closed", Origins::any), {}, {}, [](const Caller&, const Incoming&, Respond respond) {
            respond({403, {{"Access-Control-Allow-Origin", ""}}, "no"});
        });
        start();
    }
    static Spec spec(std::string_view path, Origins origins) {
        Spec spec{.method = Method::post,
            .path = path,
            .name = path,
            .permission = open_to_all,
            .audit = not_audited,
            .summary = LocalText("Raw")};
        spec.body_bytes_max = 100;
        spec.origins = origins;
        spec.parameters = Parameters::any;
        return spec;
    }
    static Contract::RawHandler answer() {
        return [](const Caller&, const Incoming&, Respond respond) { respond(json_answer(200, true)); };
    }
    std::string asked(std::string_view method, std::string_view path, std::string_view more = "") {
        return ask(fmt::format(
            "{} {} HTTP/1.1\r\nHost: here\r\nOrigin: https://shop.example\r\n{}{}\r\n", method, path, closing, more));
    }
};

TEST_F(OriginsTest, PagesOfOthersMayAskBeforeAndReadAnswersAndRefusals) {
    for (const std::string_view path : {"/open", "/also"}) {
        const auto before = asked("OPTIONS", path, "Access-Control-Request-Headers: authorization\r\n");
        EXPECT_EQ(status(before), 204);
        EXPECT_EQ(header(before, "Access-Control-Allow-Origin"), "*");
        EXPECT_EQ(header(before, "Access-Control-Allow-Methods"), "POST, OPTIONS");
        EXPECT_EQ(header(before, "Access-Control-Allow-Headers"), "authorization");
        EXPECT_EQ(header(asked("POST", std::string(path) + "?any=thing"), "Access-Control-Allow-Origin"), "*");
    }
    const auto large = asked("POST", "/open", "Content-Length: 101\r\n");
    EXPECT_EQ(status(large), 413);
    EXPECT_EQ(header(large, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(header(large, "Access-Control-Expose-Headers"), "Retry-After, X-RateLimit-Reset");
    EXPECT_EQ(header(large, "Access-Control-Allow-Credentials"), "");
}

TEST_F(OriginsTest, CookiesAreAllowedToOneNamedOrigin) {
    const auto answer = asked("POST", "/with_cookies");
    EXPECT_EQ(status(answer), 200);
    EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "https://shop.example");
    EXPECT_EQ(header(answer, "Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(header(answer, "Vary"), "Origin");
}

TEST_F(OriginsTest, AnAnswerMayCloseItselfToThePageThatAsks) {
    const auto answer = asked("POST", "/closed");
    EXPECT_EQ(status(answer), 403);
    EXPECT_EQ(answer.find("Access-Control"), std::string::npos);
}

TEST_F(OriginsTest, PagesOfOthersLearnNothingElsewhere) {
    EXPECT_EQ(status(asked("OPTIONS", "/echo")), 405);
    for (const std::string_view path : {"/thing", "/big"})
        EXPECT_EQ(header(asked("GET", path), "Access-Control-Allow-Origin"), "");
    EXPECT_EQ(
        header(ask("POST /open HTTP/1.1\r\nHost: here\r\n" + closing + "\r\n"), "Access-Control-Allow-Origin"), "");
}

} // namespace
} // namespace onefold::http
