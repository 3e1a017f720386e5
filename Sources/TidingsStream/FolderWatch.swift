import Glibc

/// Wakes whoever follows the change file when something happens in its folder (inotify(7)). The events themselves are
/// thrown away: they only say *look now*.
@safe final class FolderWatch {
    enum Wake { case changed, timedOut, cancelled }

    private static let events =
        UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

    private let path: String
    private let queue: Int32
    private var buffer = [UInt8](repeating: 0, count: 16_384)

    init(_ path: String) throws(StreamError) {
        self.path = path
        queue = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard queue >= 0 else { throw StreamError(attempt: "watch", path: path) }
        guard unsafe inotify_add_watch(queue, path, Self.events) >= 0 else {
            throw StreamError(attempt: "watch", path: path)
        }
    }

    deinit { close(queue) }

    /// Waits for an event, for `cancellation` to become readable, or until so much time has passed.
    /// - Throws: `.noStream` when the folder itself is gone.
    func wait(timeoutMilliseconds: Int32?, cancellation: Int32?) throws(StreamError) -> Wake {
        var descriptors = [
            pollfd(fd: queue, events: Int16(POLLIN), revents: 0),
            // A negative descriptor is ignored (poll(2)).
            pollfd(fd: cancellation ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        let ready = unsafe poll(&descriptors, nfds_t(descriptors.count), timeoutMilliseconds ?? -1)
        // A signal is a reason to look, too: its handler may have set what the caller asks next.
        if ready < 0 {
            guard errno == EINTR else { throw StreamError(attempt: "wait for", path: path) }
            return .changed
        }
        if descriptors[1].revents != 0 { return .cancelled }
        if ready == 0 { return .timedOut }
        drain()
        guard let stamp = try FileStamp.of(path: path), !stamp.isRegular else {
            throw StreamError(.noStream, attempt: "wait for", path: path)
        }
        return .changed
    }

    private func drain() {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(queue, $0.baseAddress!, $0.count) }
            guard count > 0 else { return }
        }
    }
}
