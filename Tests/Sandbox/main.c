// Runs a program under what the unit's sandbox makes of a process, where there is no systemd to do it:
//
//     tidings-sandbox CALLS FOLDER USER PROGRAM [ARGUMENT]...
//
// CALLS: the numbers of the system calls that are let through, with commas; others fail with EPERM (SystemCallFilter=,
// SystemCallErrorNumber=). FOLDER: the only place that can be written (StateDirectory=, ProtectSystem=strict). USER: number of the
// user and group. In place of a program, "probe" tries what is forbidden and writes a line for each that is not.
//
// Not a part of what is shipped. Every step that fails ends it with 71: a sandbox with a hole would prove nothing. Only root can
// mount; another user gets everything but the mounts.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

enum { MS_BIND_REC = 4096 | 16384, MS_SLAVE_REC = 524288 | 16384, MS_NO = 2 | 4 | 8 };
int mount(const char *, const char *, const char *, unsigned long, const void *);

static void must(int result, const char *what) {
    if (result >= 0) return;
    fprintf(stderr, "tidings-sandbox: %s: %s\n", what, strerror(errno));
    exit(71);
}

// MARK: what the process sees

static void protect(const char *folder, unsigned long set, unsigned long clear, int recursive) {
    struct mount_attr change = {.attr_set = set, .attr_clr = clear};
    must((int)syscall(SYS_mount_setattr, AT_FDCWD, folder, recursive ? AT_RECURSIVE : 0, &change, sizeof change), folder);
}

static void make_world(const char *state) {
    must(unshare(CLONE_NEWNS | CLONE_NEWIPC), "unshare");
    must(mount("", "/", NULL, MS_SLAVE_REC, NULL), "mounts of its own");
    must(mount(state, state, NULL, MS_BIND_REC, NULL), "bind the state folder");
    protect("/", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0, 1);
    protect(state, 0, MOUNT_ATTR_RDONLY, 0);
    // ProtectHome=yes, PrivateDevices=yes, ProtectProc=invisible, ProcSubset=pid.
    must(mount("tmpfs", "/home", "tmpfs", MS_NO, "mode=000"), "hide /home");
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), random = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    char from[64];
    must(null < 0 || random < 0 ? -1 : 0, "devices");
    must(mount("tmpfs", "/dev", "tmpfs", 2 | 8, "mode=755"), "devices of its own");
    must(close(open("/dev/null", O_CREAT | O_WRONLY, 0666)), "/dev/null");
    must(close(open("/dev/urandom", O_CREAT | O_WRONLY, 0666)), "/dev/urandom");
    snprintf(from, sizeof from, "/proc/self/fd/%d", null);
    must(mount(from, "/dev/null", NULL, 4096, NULL), "bind /dev/null");
    snprintf(from, sizeof from, "/proc/self/fd/%d", random);
    must(mount(from, "/dev/urandom", NULL, 4096, NULL), "bind /dev/urandom");
    must(mount("proc", "/proc", "proc", MS_NO, "hidepid=invisible,subset=pid"), "/proc of its own");
}

static void become(uid_t user) {
    must(setgroups(0, NULL), "setgroups");
    must(setresgid(user, user, user), "setresgid");
    must(setresuid(user, user, user), "setresuid");
    // Whoever changes his user may not be looked into, by himself neither; the next step writes his own /proc files.
    must(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "PR_SET_DUMPABLE");
}

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    must(file, path);
    must((int)write(file, text, strlen(text)), path);
    close(file);
}

// PrivateUsers=yes: of all users there is oneself.
static void hide_users(uid_t user) {
    char map[64];
    must(unshare(CLONE_NEWUSER), "users of its own");
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    write_file("/proc/self/uid_map", map);
    write_file("/proc/self/gid_map", map);
    // As the unit's CapabilityBoundingSet= has it: also in there none.
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        must(prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "PR_CAPBSET_DROP");
}

static void set_limits(void) {
    struct rlimit files = {8192, 8192}, data = {1 << 30, 1 << 30}, core = {0, 0};
    must(setrlimit(RLIMIT_NOFILE, &files), "LimitNOFILE");
    must(setrlimit(RLIMIT_DATA, &data), "MemoryMax");
    must(setrlimit(RLIMIT_CORE, &core), "no core");
}

// MARK: what the process may call

static struct sock_filter program[4096];
static unsigned short length;

static void add(unsigned short code, unsigned char yes, unsigned char no, unsigned value) {
    if (length == sizeof program / sizeof *program) exit(71);
    program[length++] = (struct sock_filter){code, yes, no, value};
}

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, 0, 0, (unsigned)offset); }
static void give(unsigned result) { add(BPF_RET | BPF_K, 0, 0, result); }

#define ERROR(number) (SECCOMP_RET_ERRNO | (number))
// The low half of an argument, on machines that keep it first.
#define ARGUMENT(index) (offsetof(struct seccomp_data, args) + 8 * (index))

// `call` fails when its argument has all (or any) of `bits`.
static void refuse(int call, int argument, unsigned bits, int all) {
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, (unsigned char)(all ? 5 : 4), (unsigned)call);
    load(ARGUMENT(argument));
    if (all) {
        add(BPF_ALU | BPF_AND | BPF_K, 0, 0, bits);
        add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, bits);
    } else {
        add(BPF_JMP | BPF_JSET | BPF_K, 0, 1, bits);
    }
    give(ERROR(EPERM));
    load(offsetof(struct seccomp_data, nr));
}

static void filter_calls(char *list) {
    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, THIS_ARCHITECTURE);
    give(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(struct seccomp_data, nr));
    // MemoryDenyWriteExecute=yes
    refuse(SYS_mmap, 2, PROT_WRITE | PROT_EXEC, 1);
    refuse(SYS_mprotect, 2, PROT_EXEC, 0);
    refuse(SYS_pkey_mprotect, 2, PROT_EXEC, 0);
    refuse(SYS_shmat, 2, SHM_EXEC, 0);
    // RestrictNamespaces=yes. What clone3 has in memory cannot be looked at, and C libraries fall back on clone.
    unsigned spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    refuse(SYS_clone, 0, spaces, 0);
    refuse(SYS_unshare, 0, spaces, 0);
    refuse(SYS_setns, 1, spaces, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_clone3);
    give(ERROR(ENOSYS));
    // RestrictSUIDSGID=yes
    refuse(SYS_fchmod, 1, S_ISUID | S_ISGID, 0);
    refuse(SYS_fchmodat, 2, S_ISUID | S_ISGID, 0);
    // RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, 6, SYS_socket);
    load(ARGUMENT(0));
    add(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, AF_UNIX);
    add(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, AF_INET);
    add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AF_INET6);
    give(ERROR(EAFNOSUPPORT));
    load(offsetof(struct seccomp_data, nr));
    // LockPersonality=yes
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_personality);
    give(ERROR(EPERM));
    for (char *number = strtok(list, ","); number; number = strtok(NULL, ",")) {
        add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned)atoi(number));
        give(SECCOMP_RET_ALLOW);
    }
    give(ERROR(EPERM));
    struct sock_fprog whole = {length, program};
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "NoNewPrivileges");
    must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole, 0, 0), "PR_SET_SECCOMP");
}

// MARK: proof

static void probe(const char *state, int has_world) {
    char path[4096];
    if (mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) puts("mmap");
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) puts("no memory");
    else if (mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0) puts("mprotect");
    if (socket(AF_NETLINK, SOCK_RAW, 0) >= 0) puts("netlink");
    if (socket(AF_INET, SOCK_STREAM, 0) < 0) puts("no internet");
    if (unshare(CLONE_NEWUSER) == 0) puts("unshare");
    if (personality(0xffffffff) >= 0) puts("personality");
    if (syscall(SYS_keyctl, 0, 0, 0, 0, 0) >= 0 || errno != EPERM) puts("keyctl");
    if (chmod(state, 0) == 0 && fchmodat(AT_FDCWD, state, 04750, 0) == 0) puts("suid");
    if (chmod(state, 0750) != 0) puts("no chmod");
    snprintf(path, sizeof path, "%s/probe", state);
    if (open(path, O_CREAT | O_WRONLY, 0600) < 0) puts("no state");
    unlink(path);
    if (has_world) {
        if (open("/tmp/tidings-probe", O_CREAT | O_WRONLY, 0600) >= 0) puts("/tmp");
        if (access("/proc/sys", F_OK) == 0) puts("/proc/sys");
        if (access("/dev/tty", F_OK) == 0) puts("/dev");
    }
    puts("probed");
}

int main(int count, char **arguments) {
    if (count < 5) return 64;
    char *state = arguments[2];
    uid_t user = (uid_t)atoi(arguments[3]);
    int is_root = geteuid() == 0;
    if (is_root) make_world(state);
    set_limits();
    if (is_root) become(user);
    if (is_root) hide_users(user);
    umask(0027);
    filter_calls(arguments[1]);
    if (strcmp(arguments[4], "probe") == 0) {
        probe(state, is_root);
        return 0;
    }
    execv(arguments[4], arguments + 4);
    must(-1, arguments[4]);
}
