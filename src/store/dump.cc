#include "store/dump.h"

#include <fmt/format.h>

namespace onefold::store {
namespace {

constexpr std::size_t line_bytes_max = 256 << 20;

} // namespace

Failure bad_dump(std::string_view why) {
    return fail(ErrorKind::internal, "store.bad_dump",
        {fmt::format("The dump of the database is not whole ({}); nothing was changed.", why),
            fmt::format("数据库转储不完整（{}），未做任何更改。", why)});
}

std::string line_of(const boost::json::object& json) {
    return boost::json::serialize(json) + "\n";
}

Result<bool> DumpReader::fill() {
    auto more = TRY(get_());
    if (more.empty())
        return false;
    bytes_.erase(0, std::exchange(at_, 0));
    bytes_ += more;
    return true;
}

Result<std::string_view> DumpReader::line() {
    std::size_t looked = 0;
    for (;;) {
        const auto end = bytes_.find('\n', at_ + looked);
        if (end != bytes_.npos) {
            const std::string_view line = std::string_view(bytes_).substr(at_, end + 1 - at_);
            at_ = end + 1;
            return line;
        }
        looked = bytes_.size() - at_;
        if (looked > line_bytes_max || !TRY(fill()))
            return bad_dump("a line does not end");
    }
}

Result<boost::json::object> DumpReader::next() {
    boost::system::error_code error;
    const auto json = boost::json::parse(TRY(line()), error);
    if (error || !json.is_object())
        return bad_dump("a line is not JSON");
    return json.get_object();
}

Result<> DumpReader::rows(const Put& put) {
    std::int64_t count = 0;
    for (std::string_view row = TRY(line()); row != "\\.\n"; row = TRY(line())) {
        TRY(put(row));
        ++count;
    }
    const auto said = TRY(next());
    const auto* rows = said.if_contains("rows");
    if (!rows || !rows->is_int64() || rows->get_int64() != count)
        return bad_dump("a table has not the rows that it should have");
    return {};
}

Result<> check_dump(const Get& get) {
    DumpReader reader(get);
    if (!TRY(reader.next()).contains("onefold_dump"))
        return bad_dump("it is another kind of file");
    for (;;) {
        const auto line = TRY(reader.next());
        if (line.contains("rows_of"))
            TRY(reader.rows([](std::string_view) -> Result<> { return {}; }));
        if (line.contains("end"))
            return {};
    }
}

} // namespace onefold::store
