import CLinux
import Glibc

/// Has all threads share two arenas of malloc(3). Otherwise there are up to eight a processor, and what a thread of one arena has freed,
/// a thread of another one cannot use: a first ingest takes a third more memory then, and no less time. To be called before there is work.
package func limitArenas() { _ = mallopt(M_ARENA_MAX, 2) }

/// Gives memory back to the system that nobody needs now. It takes milliseconds.
package func returnFreeMemory() {
    // What malloc(3) has, and nobody uses (malloc_trim(3)).
    malloc_trim(0)
    forgetUnchangedPages()
}

/// Unmaps the pages of programs and libraries that only the start, or a burst of work, has used. What is used again is mapped again,
/// from the kernel's page cache as long as it has them.
private func forgetUnchangedPages() {
    guard let mappings = try? readSmallFile("/proc/self/smaps", limitBytes: 8 << 20) else { return }
    var unchanged: Range<UInt>?
    for line in String(decoding: mappings, as: UTF8.self).split(separator: "\n") {
        if let mapping = FileMapping(line) {
            unchanged = mapping.isWritable ? nil : mapping.addresses
        } else if line.hasPrefix("Anonymous:"), !line.hasSuffix(" 0 kB") {
            // What the dynamic linker has written to is not writable any more, but it is in no file either.
            unchanged = nil
        } else if let range = unchanged, line.hasPrefix("Swap:") {
            // This field comes later (proc_pid_smaps(5)).
            unchanged = nil
            guard line.hasSuffix(" 0 kB") else { continue }
            // "MADV_DONTNEED […] subsequent accesses of pages in the range will succeed, but will result in either repopulating the
            // memory contents from the up-to-date contents of the underlying mapped file …" (madvise(2)).
            unsafe madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
        }
    }
}

/// The first line of a mapping in `/proc/PID/smaps` (proc_pid_maps(5)): `7f0c-7f1c r-xp 00000000 fe:00 1234 /usr/lib/libc.so.6`.
private struct FileMapping {
    let addresses: Range<UInt>
    let isWritable: Bool

    /// Nil for any other line. A mapping of no file counts as writable.
    init?(_ line: Substring) {
        let fields = line.split(separator: " ", maxSplits: 5)
        guard fields.count >= 5, let dash = fields[0].firstIndex(of: "-"), let low = UInt(fields[0][..<dash], radix: 16),
            let high = UInt(fields[0][fields[0].index(after: dash)...], radix: 16), low < high
        else { return nil }
        addresses = low..<high
        isWritable = fields[1].contains("w") || fields[4] == "0"
    }
}
