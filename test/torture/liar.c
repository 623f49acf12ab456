// Preloaded into a server to prove that the torture finds a disk that lies: of the writes that look like groups of the event log,
// every 20th is acknowledged and left out, and so is all that follows it in that file.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int is_event_log(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return 0;
    path[size] = 0;
    return strstr(path, "/log/") != NULL && size > 4 && strcmp(path + size - 4, ".log") == 0;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    static ssize_t (*real)(int, const void*, size_t, off_t);
    static int writes;
    if (!real)
        real = (ssize_t(*)(int, const void*, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    if (is_event_log(descriptor) && ++writes > 20)
        return (ssize_t)size;
    return real(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off_t offset) {
    return pwrite(descriptor, bytes, size, offset);
}
