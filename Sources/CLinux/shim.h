// What Swift's Glibc module lacks of Linux: system calls behind the variadic syscall(2), and headers outside its map.
#pragma once
#include <elf.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
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

// The first members of struct dl_phdr_info, and dl_iterate_phdr(3). link.h declares both only under _GNU_SOURCE.
struct tidings_object {
    uintptr_t address;
    const char *name;
    const Elf64_Phdr *headers;
    uint16_t header_count;
};
int tidings_each_object(int (*body)(struct tidings_object *, size_t, void *), void *context) __asm__("dl_iterate_phdr");

// Whether the dynamic linker writes to the code of the object, which makes pages of it that are in no file (elf(5)).
static inline int tidings_has_text_relocations(const struct tidings_object *object) {
    for (int at = 0; at < object->header_count; at++) {
        if (object->headers[at].p_type != PT_DYNAMIC) continue;
        const Elf64_Dyn *entry = (const Elf64_Dyn *)(object->address + object->headers[at].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++)
            if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL)) return 1;
    }
    return 0;
}

static int tidings_forget_unwritable(struct tidings_object *object, size_t size, void *page) {
    (void)size;
    if (tidings_has_text_relocations(object)) return 0;
    for (int at = 0; at < object->header_count; at++) {
        const Elf64_Phdr *header = &object->headers[at];
        if (header->p_type != PT_LOAD || header->p_flags & PF_W) continue;
        // Whole pages only: the rest of a page may belong to another segment.
        uintptr_t mask = *(uintptr_t *)page - 1, start = (object->address + header->p_vaddr + mask) & ~mask;
        uintptr_t end = (object->address + header->p_vaddr + header->p_filesz) & ~mask;
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

// Unmaps the pages of the program and its libraries that nobody can have written to. "MADV_DONTNEED […] subsequent accesses of pages in
// the range will succeed, but will result in either repopulating the memory contents from the up-to-date contents of the underlying
// mapped file …" (madvise(2)).
//
// The program headers say which pages these are. /proc/self/smaps does not: while another thread is in dlopen(3), a mapping that was
// read-only when smaps was read can be writable data a moment later, and would lose its relocations. No object is unloaded while
// dl_iterate_phdr(3) runs.
static inline void tidings_forget_unwritable_pages(void) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    tidings_each_object(tidings_forget_unwritable, &page);
}
