// Any bytes as contacts.
#include "sheet/fuzz_rig.h"

using namespace onefold::sheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_all(open(file_of("BEGIN:VCARD\n" + std::string(reinterpret_cast<const char*>(data), size), "a.vcf"), {}));
    return 0;
}
