import Glibc

/// The entries of one open folder, in the order the file system keeps them, without `.` and `..`.
@safe struct DirectoryReader: ~Copyable {
    /// What an entry is, as far as the folder itself knows; some file systems do not.
    enum Kind { case file, folder, symlink, special, unknown }

    private let stream: OpaquePointer
    private var entry: UnsafeMutablePointer<dirent>?

    init(_ folder: consuming FileDescriptor) throws(SystemError) {
        let raw = folder.release()
        guard let opened = unsafe fdopendir(raw) else {
            let error = SystemError.last
            close(raw)
            throw error
        }
        unsafe stream = opened
    }

    // "closes the directory stream [...]. The underlying file descriptor [...] is also closed" (closedir(3)).
    deinit { unsafe closedir(stream) }

    /// Goes to the next entry and appends its name to `path`; nil after the last.
    mutating func next(appendingNameTo path: inout RawPath) throws(SystemError) -> Kind? {
        while true {
            // "To distinguish end of stream from an error, set errno to zero before calling readdir()" (readdir(3)).
            errno = 0
            unsafe entry = readdir(stream)
            guard let found = unsafe entry else {
                guard errno == 0 else { throw .last }
                return nil
            }
            let name = unsafe Self.name(of: found)
            let count = unsafe strlen(name)
            let isDot = unsafe name[0] == 0x2E && (count == 1 || count == 2 && name[1] == 0x2E)
            if isDot { continue }
            unsafe path.append(contentsOf: UnsafeRawBufferPointer(start: name, count: count))
            return unsafe Self.kind(Int(found.pointee.d_type))
        }
    }

    /// The status of the current entry; of a symlink itself, not of what it leads to.
    func status() throws(SystemError) -> stat {
        guard let entry = unsafe entry else { preconditionFailure("no entry has been read") }
        var status = stat()
        guard unsafe fstatat(dirfd(stream), Self.name(of: entry), &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw .last }
        return status
    }

    static func kind(mode: mode_t) -> Kind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .symlink
        default: .special
        }
    }

    private static func kind(_ type: Int) -> Kind {
        switch type {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .symlink
        case Int(DT_UNKNOWN): .unknown
        default: .special
        }
    }

    // `d_name` is a tuple in Swift; taking its address in place is the way to it without a copy.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
        return unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    }
}
