#pragma once
#include <cstdint>

namespace onefold::runtime {

// Lets this process open as many files and connections as the system lets it at most, and says how many that are.
std::uint64_t raise_descriptors_max();

} // namespace onefold::runtime
