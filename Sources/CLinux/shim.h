// What Swift's Glibc module lacks of Linux: system calls behind the variadic syscall(2), and headers outside its map.
#pragma once
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// fcntl.h shows O_PATH only under _GNU_SOURCE, which a module of its own cannot switch on for a shared header.
static const int tidings_O_PATH = 010000000;

// "RESOLVE_BENEATH: Do not permit the path resolution to succeed if any component of the resolution is not a descendant
// of the directory indicated by dirfd"; "RESOLVE_NO_SYMLINKS: Disallow resolution of symbolic links during path
// resolution" (openat2(2)). glibc 2.36 has no wrapper.
static inline int tidings_open_beneath(int directory, const char *path, int flags) {
    struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

// f_type is a word of another width on each architecture; the magic numbers are 32 bits.
static inline uint32_t tidings_filesystem_magic(int descriptor) {
    struct statfs found;
    return fstatfs(descriptor, &found) == 0 ? (uint32_t)found.f_type : 0;
}

// Names the calling thread; at most 15 bytes count (PR_SET_NAME in prctl(2)).
static inline void tidings_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// "pidfd_open(): obtain a file descriptor that refers to a process"; "polls as readable when the process terminates"
// (pidfd_open(2)). glibc 2.36 has a wrapper in a header that Swift's module lacks.
static inline int tidings_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// A pipe whose ends no other program inherits: pipe2(2), which unistd.h shows only under _GNU_SOURCE.
static inline int tidings_pipe(int ends[2]) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

// "CLOSE_RANGE_CLOEXEC: Set the close-on-exec flag on the specified file descriptors, rather than immediately closing them"
// (close_range(2)). glibc's wrapper is declared under _GNU_SOURCE alone.
static inline int tidings_close_on_exec_from(unsigned first) { return (int)syscall(SYS_close_range, first, ~0U, 1U << 2); }
