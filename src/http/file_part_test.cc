#include "http/fake_plugs.h"
#include "http/file_answer.h"
#include "http/raw_client.h"
#include "http/server.h"
#include "testing/folder.h"
#include "testing/outside.h"

#include <gtest/gtest.h>
#include <numeric>

namespace onefold::http {
namespace {

class FilePartTest : public ::testing::Test {
  protected:
    FilePartTest() {
        options.hosts = {"here"};
        options.workers = 1;
        bytes.resize(700'000); // more than two pieces
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = char('a' + (i * 7 + i / 1000) % 26);
        EXPECT_TRUE(outside.files->replace(folder.file("a.csv"), bytes));
        add("/file", 0);
        add("/shortened", 1); // says more than there is
        contract.connect({plugs.gatekeeper, plugs.positions, plugs.replays});
        auto started = Server::start(contract, files, options);
        EXPECT_TRUE(started);
        server = std::move(*started);
    }
    void add(std::string_view path, std::uint64_t beyond) {
        Spec spec{.method = Method::get,
            .path = path,
            .name = path,
            .permission = open_to_all,
            .audit = not_audited,
            .summary = LocalText("A file")};
        contract.add_raw(
            std::move(spec), {}, {}, [this, beyond](const Caller&, const Incoming& incoming, const Respond& respond) {
                const std::shared_ptr<const runtime::File> file =
                    std::move(*outside.files->open(folder.file("a.csv"), runtime::OpenMode::read));
                respond(file_answer(incoming, file, bytes.size() + beyond, "a.csv", "text/csv"));
            });
    }
    static std::string request(std::string_view method, std::string_view path, std::string_view fields = "") {
        return fmt::format("{} {} HTTP/1.1\r\nHost: here\r\n{}\r\n", method, path, fields);
    }
    static std::string body(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

    testing::Folder folder;
    testing::Outside outside;
    std::string bytes;
    FakePlugs plugs;
    Contract contract;
    StaticFiles files;
    Options options;
    std::unique_ptr<Server> server;
};

TEST_F(FilePartTest, IsSentWholeInPartAndAsAHeadOverOneConnection) {
    RawClient client(server->port());
    for (int i = 0; i < 2; ++i) {
        client.send(request("GET", "/file"));
        const auto whole = client.answer();
        EXPECT_TRUE(whole.starts_with("HTTP/1.1 200"));
        EXPECT_TRUE(body(whole) == bytes) << body(whole).size();
        client.send(request("GET", "/file", "Range: bytes=262000-600000\r\n"));
        const auto part = client.answer();
        EXPECT_TRUE(part.starts_with("HTTP/1.1 206"));
        EXPECT_NE(part.find("Content-Range: bytes 262000-600000/700000\r\n"), part.npos);
        EXPECT_TRUE(body(part) == bytes.substr(262'000, 338'001)) << body(part).size();
        client.send(request("HEAD", "/file"));
        const auto head = client.answer(false);
        EXPECT_TRUE(head.starts_with("HTTP/1.1 200"));
        EXPECT_NE(head.find("Content-Length: 700000\r\n"), head.npos);
        EXPECT_EQ(body(head), "");
        client.send(request("GET", "/file", "Range: bytes=700000-\r\n"));
        EXPECT_TRUE(client.answer().starts_with("HTTP/1.1 416"));
    }
}

TEST_F(FilePartTest, AFileThatIsShorterThanSaidEndsTheConnectionBeforeTheEnd) {
    RawClient client(server->port());
    client.send(request("GET", "/shortened"));
    const auto answer = client.rest();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200"));
    EXPECT_NE(answer.find("Content-Length: 700001\r\n"), answer.npos);
    EXPECT_EQ(body(answer).size(), 524'288u) << "the pieces that were there";
    EXPECT_TRUE(client.is_closed());
}

TEST_F(FilePartTest, WhoGoesAwayInTheMiddleHurtsNobody) {
    for (int i = 0; i < 20; ++i) {
        RawClient client(server->port());
        client.send(request("GET", "/file"));
    }
    RawClient client(server->port());
    client.send(request("GET", "/file"));
    EXPECT_TRUE(body(client.answer()) == bytes);
}

} // namespace
} // namespace onefold::http
