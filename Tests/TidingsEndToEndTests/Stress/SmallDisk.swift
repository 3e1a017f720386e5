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

    /// One in memory.
    convenience init(at path: String, megabytes: Int = 8) async throws {
        try await self.init(at: path, mounting: ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0777", "tmpfs"])
    }

    /// A new one in the file `image`.
    convenience init(at path: String, megabytes: Int, image: String) async throws {
        let owner = "root_owner=\(getuid()):\(getgid())"
        try await Self.run(["/usr/sbin/mkfs.ext4", "-q", "-F", "-E", owner, image, "\(megabytes)M"])
        try await self.init(at: path, remounting: image)
    }

    convenience init(at path: String, remounting image: String) async throws {
        try await self.init(at: path, mounting: ["-o", "loop,errors=remount-ro", image])
    }

    private init(at path: String, mounting what: [String]) async throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await Self.run(["/usr/bin/mount"] + what + [path])
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
    func remount(_ option: String) async throws { try await Self.run(["/usr/bin/mount", "-o", "remount,\(option)", path]) }

    /// Has the kernel find an error in it, so that it lets nobody write any more.
    func fail() async throws {
        let device = try await Self.run(["/usr/bin/findmnt", "-no", "SOURCE", path])
            .split(separator: "/").last.map { $0.filter { !$0.isWhitespace } }
        let trigger = "/sys/fs/ext4/\(device ?? "")/trigger_fs_error"
        try await Self.run(["/bin/sh", "-c", #"echo "a test" > "$0""#, trigger])
    }

    @discardableResult
    private static func run(_ command: [String]) async throws -> String {
        let all = (getuid() == 0 ? [] : ["/usr/bin/sudo", "-n"]) + command
        let result = try await RunningProgram(Array(all.dropFirst()), of: URL(fileURLWithPath: all[0])).result()
        try #require(result.status == 0, "\(command.joined(separator: " ")) needs root: \(result.errors)")
        return result.output
    }
}
