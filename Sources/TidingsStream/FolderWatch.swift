import Glibc

/// Wakes whoever follows the change file when something happens in its folder (inotify(7)). The events themselves are
/// thrown away: they only say *look now*.
///
/// A user may have only so many watches (`fs.inotify.max_user_instances` is 128 by default), and a crowd of readers uses them up.
/// Who comes too late looks every second instead: nobody has to be sent away for that.
@safe final class FolderWatch {
    enum Wake { case changed, timedOut, cancelled }

    private static let events =
        UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

    static let lookMilliseconds: Int32 = 1_000

    private let path: String
    /// -1 if there was none left.
    private let queue: Int32
    private var buffer = [UInt8](repeating: 0, count: 16_384)

    init(_ path: String) throws(StreamError) {
        self.path = path
        let fresh = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        if fresh >= 0, unsafe inotify_add_watch(fresh, path, Self.events) >= 0 {
            queue = fresh
            return
        }
        let code = errno
        if fresh >= 0 { close(fresh) }
        queue = -1
        // "EMFILE: The user limit on the total number of inotify instances has been reached" (inotify_init(2)); "ENOSPC: The user
        // limit on the total number of inotify watches was reached" (inotify_add_watch(2)).
        guard code == EMFILE || code == ENOSPC else { throw StreamError(attempt: "watch", path: path, code: code) }
    }

    deinit { if queue >= 0 { close(queue) } }

    /// Waits for an event, for `cancellation` to become readable, for the reader of `output` to go, or until so much time has
    /// passed.
    /// - Throws: `.noStream` when the folder itself is gone.
    func wait(timeoutMilliseconds: Int32?, cancellation: Int32?, output: Int32? = nil) throws(StreamError) -> Wake {
        var descriptors = [
            pollfd(fd: queue, events: Int16(POLLIN), revents: 0),
            // A negative descriptor is ignored (poll(2)).
            pollfd(fd: cancellation ?? -1, events: Int16(POLLIN), revents: 0),
            // "POLLERR: This bit is also set for a file descriptor referring to the write end of a pipe when the read end has
            // been closed" (poll(2)); it is told without being asked for.
            pollfd(fd: output ?? -1, events: 0, revents: 0),
        ]
        let patience = timeoutMilliseconds ?? -1
        let looks = queue < 0 && (patience < 0 || patience > Self.lookMilliseconds)
        let ready = unsafe poll(&descriptors, nfds_t(descriptors.count), looks ? Self.lookMilliseconds : patience)
        // A signal is a reason to look, too: its handler may have set what the caller asks next.
        if ready < 0 {
            guard errno == EINTR else { throw StreamError(attempt: "wait for", path: path) }
            return .changed
        }
        if descriptors[1].revents != 0 || descriptors[2].revents != 0 { return .cancelled }
        if ready == 0, !looks { return .timedOut }
        drain()
        guard let stamp = try FileStatus.of(path: path), !stamp.isRegular else {
            throw StreamError(.noStream, attempt: "wait for", path: path)
        }
        return .changed
    }

    private func drain() {
        while queue >= 0 {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(queue, $0.baseAddress!, $0.count) }
            guard count > 0 else { return }
        }
    }
}
