import Glibc
import TidingsSystem

/// Wakes whoever follows the change file when something happens in its folder. The events themselves are thrown away: they
/// only say *look now*.
///
/// A user may have only so many inotify instances (`fs.inotify.max_user_instances` is 128 by default), and many readers use them
/// up. A reader that gets none looks once a second instead, so that no reader has to be refused.
@safe final class FolderWatch {
    enum Wake { case changed, timedOut, cancelled }

    private static let events: Inotify.Flags = [
        .written, .created, .movedTo, .movedFrom, .deleted, .selfDeleted, .selfMoved, .onlyFolder,
    ]
    private static let bufferBytes = 16 << 10

    static let lookMilliseconds: Int32 = 1_000

    private let path: String
    /// Nil if there was none left.
    private let inotify: Inotify?
    private var buffer = [UInt8](repeating: 0, count: bufferBytes)

    init(_ path: String) throws(StreamError) {
        self.path = path
        do throws(SystemError) {
            let inotify = try Inotify()
            _ = try inotify.watch(path, Self.events)
            self.inotify = inotify
        } catch {
            // "EMFILE: The user limit on the total number of inotify instances has been reached" (inotify_init(2)); "ENOSPC: The
            // user limit on the total number of inotify watches was reached" (inotify_add_watch(2)).
            guard error.code == EMFILE || error.code == ENOSPC else {
                throw StreamError(attempt: "watch", path: path, code: error.code)
            }
            inotify = nil
        }
    }

    /// Waits for an event, for `cancellation` to become readable, for the reader of `output` to go, or until so much time has
    /// passed.
    /// - Throws: `.noStream` when the folder itself is gone.
    func wait(timeoutMilliseconds: Int32?, cancellation: Int32?, output: Int32? = nil) throws(StreamError) -> Wake {
        var descriptors = [
            // A negative descriptor is ignored (poll(2)).
            pollfd(fd: inotify?.descriptor.raw ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: cancellation ?? -1, events: Int16(POLLIN), revents: 0),
            // "POLLERR: This bit is also set for a file descriptor referring to the write end of a pipe when the read end has
            // been closed" (poll(2)); it is told without being asked for.
            pollfd(fd: output ?? -1, events: 0, revents: 0),
        ]
        let patience = timeoutMilliseconds ?? -1
        let looks = inotify == nil && (patience < 0 || patience > Self.lookMilliseconds)
        let ready = unsafe poll(&descriptors, nfds_t(descriptors.count), looks ? Self.lookMilliseconds : patience)
        // A signal is a reason to look, too: its handler may have set what the caller asks next.
        if ready < 0 {
            guard errno == EINTR else { throw StreamError(attempt: "wait for", path: path) }
            return .changed
        }
        if descriptors[1].revents != 0 || descriptors[2].revents != 0 { return .cancelled }
        if ready == 0, !looks { return .timedOut }
        while inotify?.read(into: &buffer).isEmpty == false {}
        guard let status = try FileStatus.of(path: path), !status.isRegular else {
            throw StreamError(.noStream, attempt: "wait for", path: path)
        }
        return .changed
    }
}
