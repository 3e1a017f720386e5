import Foundation
import Glibc

/// Where tests have their folders: in memory if there is a place with room, because syncs, and the flush that ext4 does of a file that
/// was written in place, take most of their time on a disk. The long form goes to the disk.
package let temporaryFolder: String = {
    let memory = "/dev/shm"
    var status = statvfs()
    let isThere = unsafe statvfs(memory, &status) == 0 && access(memory, W_OK) == 0
    let hasRoom = isThere && UInt64(status.f_bavail) * UInt64(status.f_frsize) > 2 << 30
    return hasRoom && !isLongRun ? memory : FileManager.default.temporaryDirectory.path
}()
