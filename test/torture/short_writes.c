// Preloaded into a server: in each thread the Nth, (N + step)th, … call of the one that ONEFOLD_SHORT names ("pwrite64 N step FILE") writes
// half of what it was given and says so, as a system may at any time. Each leaves a line in FILE.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char call[16], told[4096];
static long first, step;
static __thread long count;

__attribute__((constructor)) static void read_wish(void) {
    const char* wish = getenv("ONEFOLD_SHORT");
    if (!wish || sscanf(wish, "%15s %ld %ld %4095s", call, &first, &step, told) != 4)
        first = 0;
}

static int is_short(const char* name, int descriptor, size_t size) {
    struct stat status;
    if (first == 0 || size < 2 || strcmp(name, call) != 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return 0;
    if (++count < first || (count - first) % step != 0)
        return 0;
    char line[64];
    const int length = snprintf(line, sizeof line, "%ld\n", (long)syscall(SYS_gettid));
    const int file = open(told, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) {
        syscall(SYS_write, file, line, length);
        close(file);
    }
    return 1;
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off_t offset) {
    return syscall(SYS_pwrite64, descriptor, bytes, is_short("pwrite64", descriptor, size) ? size / 2 : size, offset);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    return pwrite64(descriptor, bytes, size, offset);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
    return syscall(SYS_write, descriptor, bytes, is_short("write", descriptor, size) ? size / 2 : size);
}
