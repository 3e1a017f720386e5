import Glibc

/// What Linux says of this process, at one moment (proc_pid_stat(5), proc_pid_fd(5)).
package struct ProcessFigures: Sendable {
    /// Processor time of all threads, user and system.
    package let cpuSeconds: Double
    package let residentBytes: Int64
    package let virtualBytes: Int64
    package let threads: Int
    package let openDescriptors: Int
    /// How many descriptors may be open; nil for no limit.
    package let descriptorLimit: Int?
    /// When the process began, in seconds since 1970. By the clock of now: it moves when the clock is set.
    package let startSeconds: Double

    /// Nil where there is no /proc.
    package init?() {
        guard let stat = try? readSmallFile("/proc/self/stat", limitBytes: 4_096) else { return nil }
        // The name of the program, the second field, is in brackets and may have spaces and brackets itself.
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(end + 1)...].split(separator: UInt8(ascii: " ")).map { Int64(String(decoding: $0, as: UTF8.self)) ?? 0 }
        // Field 3, the state, is the first here.
        guard fields.count > 21 else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        cpuSeconds = Double(fields[11] + fields[12]) / ticks
        threads = Int(fields[17])
        virtualBytes = fields[20]
        residentBytes = fields[21] * Int64(sysconf(Int32(_SC_PAGESIZE)))
        startSeconds =
            Double(wallClockMilliseconds()) / 1_000 - (Double(bootClockNanoseconds()) / 1_000_000_000 - Double(fields[19]) / ticks)
        openDescriptors = Self.countDescriptors()
        var limit = rlimit()
        let code = unsafe getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        descriptorLimit = code == 0 && limit.rlim_cur < UInt64(Int32.max) ? Int(limit.rlim_cur) : nil
    }

    private static func countDescriptors() -> Int {
        guard let folder = try? FileDescriptor(opening: "/proc/self/fd", O_RDONLY | O_DIRECTORY),
            var reader = try? DirectoryReader(folder)
        else { return 0 }
        var count = 0
        var name: [UInt8] = []
        while let _ = try? reader.next(appendingNameTo: &name) {
            count += 1
            name.removeAll(keepingCapacity: true)
        }
        // One of them is the folder itself.
        return max(0, count - 1)
    }
}

/// Lets the process open as many files and connections as it is allowed to: the limit that shells give is for programs that use
/// select(2), and a descriptor is needed for each follower. Not without bound: programs that it starts inherit the limit, and some
/// go through all numbers up to it. Without success it stays as it is.
package func raiseDescriptorLimit() {
    let most: rlim_t = 131_072
    var limit = rlimit()
    let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < min(limit.rlim_max, most) else { return }
    limit.rlim_cur = min(limit.rlim_max, most)
    _ = unsafe setrlimit(resource, &limit)
}
