/// File systems on which inotify sees only what this machine does: "inotify reports only events that a user-space program
/// triggers through the filesystem API. As a result, it does not catch remote events that occur on network filesystems"
/// (inotify(7)).
enum FileSystemKind {
    /// The name of the file system that `root` lies on, if inotify is of no use there; else nil.
    static func unwatchableName(of root: FolderRoot) -> String? {
        unwatchableName(type: root.descriptor.fileSystemType())
    }

    /// By the numbers of linux/magic.h and statfs(2).
    static func unwatchableName(type: UInt32) -> String? {
        switch type {
        case 0x6969: "NFS"
        case 0x517B, 0xFF53_4D42, 0xFE53_4D42: "SMB"
        case 0x6573_5546: "FUSE"
        case 0x0102_1997: "9P"
        case 0x00C3_6400: "Ceph"
        case 0x5346_414F, 0x6B41_4653: "AFS"
        case 0x7375_7245: "Coda"
        default: nil
        }
    }
}
