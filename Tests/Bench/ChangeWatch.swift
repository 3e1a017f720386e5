import Foundation

/// Waits for lines of a change file: sleeps in the kernel until somebody has written to it, then reads what is new.
@safe final class ChangeWatch {
    private let events: Int32
    private let file: Int32
    private var seen: [UInt8] = []

    /// Of what is written from now on.
    init(_ path: String) throws {
        events = inotify_init1(Int32(IN_CLOEXEC))
        file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard events >= 0, file >= 0 else { throw BenchError.system("open \(path)") }
        guard unsafe inotify_add_watch(events, path, UInt32(IN_MODIFY)) >= 0 else { throw BenchError.system("watch \(path)") }
        lseek(file, 0, SEEK_END)
    }

    deinit {
        close(file)
        close(events)
    }

    /// Waits for a line that holds `text`.
    func wait(for text: String, limit: Duration = .seconds(60)) throws {
        let needle = Data(text.utf8)
        let end = ContinuousClock.now + limit
        while true {
            readNew()
            if let found = Data(seen).range(of: needle) {
                seen.removeFirst(found.upperBound)
                return
            }
            var poll = pollfd(fd: events, events: Int16(POLLIN), revents: 0)
            let rest = Int32(max(0, (end - .now).inSeconds * 1e3))
            guard unsafe Glibc.poll(&poll, 1, rest) > 0 else { throw BenchError("no line with \(text) within \(limit)") }
            var buffer = [UInt8](repeating: 0, count: 4_096)
            _ = unsafe buffer.withUnsafeMutableBytes { unsafe read(events, $0.baseAddress, $0.count) }
        }
    }

    private func readNew() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            seen += buffer[..<count]
        }
    }
}
