import Glibc

/// How often a file was opened since, by anybody (inotify(7), IN_OPEN).
@safe package final class FileOpens {
    private let descriptor: Int32
    private var total = 0

    package init(of path: String) throws {
        descriptor = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        guard descriptor >= 0, unsafe inotify_add_watch(descriptor, path, UInt32(IN_OPEN)) >= 0 else {
            throw LoopbackServer.Failure(description: "cannot watch \(path)")
        }
    }

    deinit { close(descriptor) }

    package var count: Int {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let got = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            guard got > 0 else { return total }
            // Events of a file that is watched itself carry no name, and so are all of one size.
            total += got / MemoryLayout<inotify_event>.stride
        }
    }
}
