#pragma once
// Takes from this process what it needs no more.

namespace onefold::runtime {

// From now on it can read and write the files that are open, take memory within its limit, and end: it cannot open a
// file, make a connection, start a process or look at another one (seccomp; everything else fails with EPERM). Where
// the kernel or a container forbids the filter, the limits and closed files of the child remain. False then.
bool shut_in();

} // namespace onefold::runtime
