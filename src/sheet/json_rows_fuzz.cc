// Any bytes as JSON.
#include "sheet/fuzz_rig.h"

using namespace onefold::sheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_all(open(file_of("{\"a\":1}\n" + std::string(reinterpret_cast<const char*>(data), size), "a.json"), {}));
    return 0;
}
