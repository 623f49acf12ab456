#include "core/result.h"

#include <cstdio>
#include <cstdlib>

namespace onefold {

void verify_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "VERIFY(%s) failed at %s:%d\n", condition, file, line);
    std::abort();
}

} // namespace onefold
