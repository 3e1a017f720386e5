import Foundation
import Glibc
import TestSupport
import Testing

/// A file system of its own below an installation, which can be filled up and made read-only. Mounted by mount(8), as root; a
/// process that outlives the test unmounts it, whatever the test comes to.
final class SmallDisk {
    let path: String
    private let guardian = Process()
    private let life = Pipe()

    /// - Parameter image: a file that holds an ext4 file system; without one the disk is in memory.
    init(at path: String, megabytes: Int = 8, image: String? = nil) async throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if let image {
            try await Self.run(
                "/usr/sbin/mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-E", "root_owner=\(getuid()):\(getgid())", image,
                "\(megabytes)M")
            try await Self.run("/usr/bin/mount", "-o", "loop,errors=remount-ro", image, path)
        } else {
            try await Self.run("/usr/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0777", "tmpfs", path)
        }
        guardian.executableURL = URL(fileURLWithPath: "/bin/sh")
        guardian.arguments = ["-c", #"cat; umount -l "$0""#, path]
        guardian.standardInput = life
        // Other programs that the test starts must not hold it.
        _ = fcntl(life.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try guardian.run()
    }

    deinit { close() }

    /// Unmounts it, also when programs have files open on it.
    func close() {
        try? life.fileHandleForWriting.close()
        guardian.waitUntilExit()
    }

    /// Leaves not one page free.
    func fill() async throws {
        _ = try await RunningProgram(["if=/dev/zero", "of=\(path)/ballast", "bs=4k"], of: URL(fileURLWithPath: "/usr/bin/dd")).result()
    }

    func empty() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

    /// - Parameter option: `ro` or `rw`. The kernel refuses `ro` while a file is open for writing.
    func remount(_ option: String) async throws { try await Self.run("/usr/bin/mount", "-o", "remount,\(option)", path) }

    static func run(_ words: String...) async throws {
        let all = (getuid() == 0 ? [] : ["/usr/bin/sudo", "-n"]) + words
        let result = try await RunningProgram(Array(all.dropFirst()), of: URL(fileURLWithPath: all[0])).result()
        try #require(result.status == 0, "\(words.joined(separator: " ")) needs root: \(result.errors)")
    }
}
