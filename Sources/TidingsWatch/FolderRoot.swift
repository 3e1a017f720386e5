import Glibc
import TidingsSystem

/// A root, opened. A scan or a batch of reads looks at everything below this descriptor, so that a root which is renamed or
/// mounted over meanwhile cannot mix two trees. Several threads may use one at once.
///
/// Hold it for one scan or one batch of reads only: while it is open, its file system cannot be unmounted.
package final class FolderRoot: Sendable {
    package let path: String
    /// The folder that the path led to.
    package let identity: FileStatus.Identity
    let descriptor: FileDescriptor

    package var device: UInt64 { identity.device }

    /// - Parameter expectedDevice: the device that the root was on at the last look; nil at the first.
    package init(path: String, expectedDevice: UInt64? = nil) throws(FolderError) {
        self.path = path
        do throws(SystemError) {
            // A person named the root, so that a symbolic link here is followed. Below the root none is.
            descriptor = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NONBLOCK)
            identity = try descriptor.status().identity
        } catch {
            throw FolderError(path: path, error)
        }
        guard identity.device == expectedDevice ?? identity.device else {
            throw FolderError(path: path, reason: .otherFileSystem)
        }
    }

    /// Throws if the path no longer leads to what is open here: an absence proves nothing then.
    package func verify() throws(FolderError) {
        let now: FileStatus
        do {
            now = try FileStatus(path: path)
        } catch {
            throw FolderError(path: path, error)
        }
        guard now.identity == identity else { throw FolderError(path: path, reason: .replacedMeanwhile) }
    }

    /// Whether there is nothing at `path`. False where that cannot be told.
    package func isMissing(_ path: RawPath) -> Bool {
        do throws(SystemError) {
            _ = try open(path, FileDescriptor.pathOnly)
            return false
        } catch {
            return error.meansAbsent
        }
    }

    /// Opens what lies at `path` below the root without following a symbolic link in any of its parts. `flags` as in open(2);
    /// O_CLOEXEC and O_NOFOLLOW are added.
    func open(_ path: RawPath, _ flags: Int32) throws(SystemError) -> FileDescriptor {
        try descriptor.open(beneath: path, flags)
    }
}
