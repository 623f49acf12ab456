#include "http/gzip.h"

#include "http/body_size.h"

#include <algorithm>
#include <fmt/format.h>
#include <zlib.h>

namespace onefold::http {

namespace {
constexpr int gzip_window = 15 + 16;
constexpr int fast = 4;
constexpr std::size_t piece_bytes = 64 << 10;
} // namespace

std::string gzipped(std::string_view bytes) {
    z_stream stream{};
    VERIFY(deflateInit2(&stream, fast, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = uInt(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = uInt(out.size());
    VERIFY(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Result<std::string> gunzipped(std::string_view bytes, std::size_t bytes_max) {
    z_stream stream{};
    VERIFY(inflateInit2(&stream, gzip_window) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = uInt(bytes.size());
    std::string out;
    int state = Z_OK;
    while (state == Z_OK && out.size() <= bytes_max) {
        const auto before = out.size();
        out.resize(before + std::min(piece_bytes, bytes_max + 1 - before));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        stream.avail_out = uInt(out.size() - before);
        state = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    const bool is_whole = state == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (out.size() > bytes_max)
        return fail(ErrorKind::too_large, "http.too_large",
            {fmt::format(
                 "The body is larger than {} once unpacked. Nothing was changed.", size_words(bytes_max).in("en")),
                fmt::format("请求体解压后超过 {}。未做任何更改。", size_words(bytes_max).in("zh-CN"))});
    if (!is_whole)
        return fail(ErrorKind::invalid, "http.bad_gzip",
            {"The body is not whole gzip. Nothing was changed.", "请求体不是完整的 gzip 数据。未做任何更改。"});
    return out;
}

} // namespace onefold::http
