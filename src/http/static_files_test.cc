#include "http/static_files.h"
#include "testing/folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace onefold::http {
namespace {

// A pack as the build makes it, of files that a build would leave.
class StaticFilesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        write("index.html", "<!doctype html>" + std::string(2'000, 'i'));
        write("sw.js", "worker");
        write("manifest.webmanifest", "{}");
        write("onefold.js", std::string(2'000, 't'));
        write("onefold-mini.js", std::string(2'000, 'm'));
        write("assets/app.js", std::string(5'000, 'j'));
        write("assets/code.wasm", std::string("\0asm", 4));
        pack();
    }
    void write(const std::string& name, const std::string& text) const {
        const auto path = std::filesystem::path(folder.path()) / "dist" / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }
    void pack() {
        const auto script =
            std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() / "script/pack_web.mjs";
        const auto command =
            "node " + script.string() + " " + folder.path() + "/dist " + folder.file("web.pack") + " > /dev/null";
        ASSERT_EQ(std::system(command.c_str()), 0);
        std::ifstream in(folder.file("web.pack"), std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(in), {});
        files = StaticFiles(bytes);
    }
    static std::string header(const StaticAnswer& answer, std::string_view name) {
        for (const auto& [key, value] : answer.headers)
            if (key == name)
                return value;
        return "";
    }

    onefold::testing::Folder folder;
    std::string bytes;
    StaticFiles files;
};

TEST_F(StaticFilesTest, ServesFilesWithTheirTypes) {
    EXPECT_EQ(files.count(), 7u);
    const auto script = files.find("/assets/app.js", "", "");
    ASSERT_TRUE(script);
    EXPECT_EQ(script->body, std::string(5'000, 'j'));
    EXPECT_EQ(header(*script, "Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(header(*script, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(*files.find("/assets/code.wasm", "", ""), "Content-Type"), "application/wasm");
    EXPECT_EQ(header(*files.find("/manifest.webmanifest", "", ""), "Content-Type"), "application/manifest+json");
    EXPECT_EQ(header(*files.find("/sw.js", "", ""), "Cache-Control"), "no-cache");
    EXPECT_EQ(header(*files.find("/", "", ""), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, ServesThePackedBodyThatTheBrowserTakes) {
    const auto brotli = files.find("/assets/app.js", "gzip, deflate, br", "");
    EXPECT_EQ(header(*brotli, "Content-Encoding"), "br");
    EXPECT_LT(brotli->body.size(), 100u);
    EXPECT_EQ(header(*brotli, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header(*files.find("/assets/app.js", "gzip", ""), "Content-Encoding"), "gzip");
    EXPECT_EQ(header(*files.find("/assets/app.js", "br;q=0, gzip;q=0.1", ""), "Content-Encoding"), "gzip");
    EXPECT_EQ(header(*files.find("/assets/code.wasm", "br", ""), "Content-Encoding"), "");
}

TEST_F(StaticFilesTest, AnswersNotModified) {
    const auto etag = header(*files.find("/index.html", "", ""), "ETag");
    const auto again = files.find("/index.html", "", etag);
    EXPECT_EQ(again->status, 304);
    EXPECT_TRUE(again->body.empty());
    EXPECT_EQ(files.find("/index.html", "", "\"x\", W/" + etag)->status, 304);
    EXPECT_EQ(files.find("/index.html", "", "\"x\"")->status, 200);
}

TEST_F(StaticFilesTest, ShowsThePageForPathsOfThePage) {
    for (const auto* path : {"/", "/customers/12", "/settings", "/apiary"}) {
        const auto page = files.find(path, "", "");
        ASSERT_TRUE(page) << path;
        EXPECT_TRUE(page->body.starts_with("<!doctype html>iii")) << path;
    }
    for (const auto* path :
        {"/api", "/api/v1/x", "/v1/batch", "/healthz", "/readyz", "/metrics", "/assets/old.js", "/assets"})
        EXPECT_FALSE(files.find(path, "", "")) << path;
}

TEST_F(StaticFilesTest, LetsPagesOfAnyOriginLoadTheTrackers) {
    for (const auto* path : {"/onefold.js", "/onefold-mini.js"}) {
        const auto tracker = files.find(path, "br", "");
        ASSERT_TRUE(tracker) << path;
        EXPECT_EQ(header(*tracker, "Content-Type"), "text/javascript; charset=utf-8");
        EXPECT_EQ(header(*tracker, "Content-Encoding"), "br");
        EXPECT_EQ(header(*tracker, "Access-Control-Allow-Origin"), "*");
        EXPECT_EQ(header(*tracker, "Cross-Origin-Resource-Policy"), "cross-origin");
        EXPECT_EQ(header(*tracker, "Cache-Control"), "public, max-age=300, stale-while-revalidate=86400");
        EXPECT_EQ(files.find(path, "", header(*tracker, "ETag"))->status, 304);
    }
    EXPECT_NE(files.find("/onefold.js", "", "")->body, files.find("/onefold-mini.js", "", "")->body);
    EXPECT_EQ(header(*files.find("/sw.js", "", ""), "Access-Control-Allow-Origin"), "");
}

TEST_F(StaticFilesTest, ShowsNoPageInATrackersPlace) {
    for (const auto* name : {"onefold.js", "onefold-mini.js"})
        std::filesystem::remove(folder.file("dist/" + std::string(name)));
    pack();
    EXPECT_FALSE(files.find("/onefold.js", "", ""));
    EXPECT_FALSE(files.find("/onefold-mini.js", "", ""));
}

TEST_F(StaticFilesTest, AnEmptyPackSaysSo) {
    std::filesystem::remove_all(folder.file("dist"));
    pack();
    EXPECT_EQ(bytes.size(), 0u);
    EXPECT_NE(files.find("/", "", "")->body.find("no web interface"), std::string_view::npos);
    EXPECT_FALSE(files.find("/customers", "", ""));
}

} // namespace
} // namespace onefold::http
