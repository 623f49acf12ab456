// Any bytes as a file: whatever they are taken for.
#include "sheet/fuzz_rig.h"

using namespace onefold::sheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_all(open(file_of({reinterpret_cast<const char*>(data), size}, "any"), {}));
    return 0;
}
