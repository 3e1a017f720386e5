import CLinux
import Glibc

/// A file that did not change while it was read.
package struct StableFile: Equatable, Sendable {
    package let bytes: [UInt8]
    package let stamp: FileStamp
    /// What to remember in the `FileTable`: the stamp's fingerprint, or `FileTable.unknown` when the file was written in
    /// the tick of the kernel's clock in which it was read. Another write in that tick could leave the stamp as it is
    /// (the "racy" entries of git's index), so that such a file is to be read once more by the next scan.
    package let fingerprint: UInt64
}

/// Reads whole files that stand still.
package enum StableRead {
    package enum Outcome: Equatable, Sendable {
        case read(StableFile)
        /// Not there any more. Normal: look again, and it is missing.
        case vanished
        /// Changed under each attempt. The writer's next event, or a later look, comes back to it.
        case unstable
        /// A file that is truncated and written anew has no bytes for a moment: it waits.
        case empty
        /// Over the limit; not read.
        case tooLarge(sizeBytes: Int64)
        case notRegular
        /// With the system's words.
        case unreadable(String)
    }

    /// A file written all the time is left to its writer's pause.
    package static let attemptLimit = 3

    /// Reads the file at `path` below `root`: one open, two fstat, one read when nobody writes. Never blocks on a FIFO or
    /// a device, never follows a symlink. May be called from several threads at once.
    package static func read(_ path: RawPath, in root: FolderRoot, limitBytes: Int) -> Outcome {
        for _ in 0..<attemptLimit {
            let descriptor: FileDescriptor
            do {
                // O_NONBLOCK: "opening for read-only will succeed immediately" a FIFO without a writer (fifo(7)).
                descriptor = try root.open(path, O_RDONLY | O_NONBLOCK)
            } catch {
                return outcome(of: error)
            }
            // Before the first byte: what is written from here on has a stamp of this tick or a later one.
            let tick = wallClock(coarse: true)
            guard let before = FolderRoot.status(of: descriptor.raw) else { return outcome(of: .last) }
            guard before.st_mode & S_IFMT == S_IFREG else { return .notRegular }
            let stamp = FileStamp(before)
            if stamp.sizeBytes == 0 { return .empty }
            if stamp.sizeBytes > limitBytes { return .tooLarge(sizeBytes: stamp.sizeBytes) }
            let bytes: [UInt8]
            do {
                bytes = try contents(of: descriptor.raw, sizeBytes: Int(stamp.sizeBytes))
            } catch {
                return outcome(of: error)
            }
            guard let after = FolderRoot.status(of: descriptor.raw) else { return outcome(of: .last) }
            if bytes.count == Int(stamp.sizeBytes), FileStamp(after) == stamp {
                let fingerprint = stamp.changedAt < tick ? stamp.fingerprint : FileTable.unknown
                return .read(StableFile(bytes: bytes, stamp: stamp, fingerprint: fingerprint))
            }
        }
        return .unstable
    }

    /// Up to one byte more than `sizeBytes`: that one proves that the file has grown, and room for it makes a full read
    /// come back short, which at a regular file is its end. So one call does.
    private static func contents(of descriptor: Int32, sizeBytes: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: sizeBytes + 1) { buffer, count in
            while count <= sizeBytes {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let got = unsafe Glibc.read(descriptor, rest.baseAddress, sizeBytes + 1 - count)
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = .last
                    return
                }
                if got == 0 { return }
                count += got
                // Linux moves at most 2,147,479,552 bytes a call (read(2)); only such a read can be short of the end.
                if got < 2_147_479_552 { return }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func outcome(of error: SystemError) -> Outcome {
        switch error.code {
        case _ where error.meansAbsent: .vanished
        // A symlink; and what open(2) says of a socket, or of a device without its driver.
        case ELOOP, ENXIO, ENODEV: .notRegular
        default: .unreadable(error.message)
        }
    }
}
