import Glibc
import TidingsSystem

/// A file that did not change while it was read.
package struct StableFile: Equatable, Sendable {
    package let bytes: [UInt8]
    package let status: FileStatus
    /// What to remember in the `FileTable`: the status's fingerprint, or `FileTable.unknown` if the file was written in the tick
    /// of the kernel's clock in which it was read. Another write in that tick could leave the status as it is, so that the next
    /// scan has to report such a file once more. (In git's index such entries are "racy".)
    package let fingerprint: UInt64
}

/// Reads whole files while nobody writes to them.
package enum StableRead {
    package enum Outcome: Equatable, Sendable {
        case read(StableFile)
        /// Not there any more, which is normal: the next look finds it missing.
        case vanished
        /// Changed during each attempt. The writer's next event, or a later look, leads to another read.
        case unstable
        /// To be read later: a file that is truncated and written anew has no bytes for a moment.
        case empty
        /// Over the limit, and not read.
        case tooLarge(sizeBytes: Int64)
        case notRegular
        /// With what the system said.
        case unreadable(String)
    }

    /// More attempts do not help with a file that is written all the time: it is read when its writer pauses.
    package static let attemptLimit = 3

    /// Reads the file at `path` below `root`: one open, two fstat and one read when nobody writes. Never blocks on a FIFO or a
    /// device, and never follows a symbolic link. May be called from several threads at once.
    package static func read(_ path: RawPath, in root: FolderRoot, limitBytes: Int) -> Outcome {
        for _ in 0..<attemptLimit {
            do throws(SystemError) {
                // O_NONBLOCK: "opening for read-only will succeed immediately" a FIFO without a writer (fifo(7)).
                let file = try root.open(path, O_RDONLY | O_NONBLOCK)
                // Before the first byte: what is written from here on gets the time of this tick or a later one.
                let tick = wallClockTickNanoseconds()
                let status = try file.status()
                guard status.isRegular else { return .notRegular }
                if status.size == 0 { return .empty }
                if status.size > limitBytes { return .tooLarge(sizeBytes: status.size) }
                let bytes = try contents(of: file.raw, sizeBytes: Int(status.size))
                if try file.status() == status, bytes.count == Int(status.size) {
                    let isOld = status.changed.nanosecondsSince1970 < tick
                    return .read(
                        StableFile(bytes: bytes, status: status, fingerprint: isOld ? status.fingerprint : FileTable.unknown))
                }
            } catch {
                return outcome(of: error)
            }
        }
        return .unstable
    }

    /// Reads up to one byte more than `sizeBytes`. The one more proves that the file has grown. It also makes a read of the whole
    /// file come back short, which at a regular file means its end, so that one call is enough.
    private static func contents(of descriptor: Int32, sizeBytes: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: sizeBytes + 1) { buffer, count in
            do throws(SystemError) {
                while count <= sizeBytes {
                    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let got = try retryingInterrupted { unsafe Glibc.read(descriptor, rest.baseAddress, rest.count) }
                    count += got
                    // Linux moves at most 2,147,479,552 bytes a call (read(2)); any other short read is the end.
                    if got < 2_147_479_552 { return }
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func outcome(of error: SystemError) -> Outcome {
        switch error.code {
        case _ where error.meansAbsent: .vanished
        // Of a symbolic link; of a socket; of a device without its driver (open(2)).
        case ELOOP, ENXIO, ENODEV: .notRegular
        default: .unreadable(error.message)
        }
    }
}
