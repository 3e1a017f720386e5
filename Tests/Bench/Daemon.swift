import Foundation

/// A running daemon, started as systemd does it, and what it says on its notify socket.
@safe final class RunningDaemon {
    let process: ChildProcess
    /// From the start of the process to READY=1 (sd_notify(3)).
    let secondsToReady: Double

    private static let readyLimitMilliseconds: Int32 = 60_000

    init(_ program: Program, _ settings: Settings) throws {
        let path = "\(settings.file).notify"
        _ = unsafe unlink(path)
        let socket = try Self.bound(to: path)
        defer {
            close(socket)
            _ = unsafe unlink(path)
        }
        let start = ContinuousClock.now
        process = try program.spawn(settings, notify: path)
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard unsafe Glibc.poll(&poll, 1, Self.readyLimitMilliseconds) > 0 else {
                try process.stop()
                throw BenchError("the daemon was not ready in time")
            }
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
            if String(decoding: buffer[..<max(0, count)], as: UTF8.self).contains("READY=1") { break }
        }
        secondsToReady = (ContinuousClock.now - start).inSeconds
    }

    private static func bound(to path: String) throws -> Int32 {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard descriptor >= 0, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw BenchError("cannot make a socket at \(path): choose a shorter --scratch")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw BenchError.system("bind \(path)") }
        return descriptor
    }

    /// Waits until the first pass is over and every hint is followed: until a file written now is published and nothing is done.
    func waitUntilIdle(_ settings: Settings, probe name: String) throws {
        let changes = try ChangeWatch(settings.changes)
        try Data(SampleText.article(.max - name.utf8.count)).write(to: URL(filePath: "\(settings.folder)/\(name)"))
        try changes.wait(for: name)
        try process.waitUntilIdle()
    }
}
