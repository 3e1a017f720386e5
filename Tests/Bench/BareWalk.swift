import Glibc

/// The limit of a rescan: what a C program does that asks for the status of each file and does nothing with it.
/// - Returns: how many files there are at and below `path`.
func bareWalk(_ path: String) throws -> Int {
    guard let stream = unsafe opendir(path) else { throw BenchError.system("open \(path)") }
    defer { unsafe closedir(stream) }
    var files = 0
    while let entry = unsafe readdir(stream) {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
        let name = unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
        if unsafe name[0] == 0x2E { continue }
        var status = stat()
        guard unsafe fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
            files += try bareWalk("\(path)/\(unsafe String(cString: name))")
        } else {
            files += 1
        }
    }
    return files
}
