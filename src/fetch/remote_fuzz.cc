// Any bytes as what the child answered; and what was understood of them is said and understood again.
#include "fetch/remote.h"

using namespace onefold::fetch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto answer = answer_of({reinterpret_cast<const char*>(data), size});
    if (!answer)
        return 0;
    const std::string said = to_json(*answer);
    const auto again = answer_of(said);
    VERIFY(again && to_json(*again) == said);
    return 0;
}
