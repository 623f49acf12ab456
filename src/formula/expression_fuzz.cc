// Any JSON is an expression or refused.
#include "formula/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    boost::system::error_code error;
    const auto json = boost::json::parse(std::string_view(reinterpret_cast<const char*>(data), size), error);
    if (!error)
        (void)onefold::formula::parse_json(json);
    return 0;
}
