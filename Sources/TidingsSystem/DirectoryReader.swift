import Glibc

/// The entries of one open folder, in the order the file system keeps them, without `.` and `..`.
@safe package struct DirectoryReader: ~Copyable {
    private let stream: OpaquePointer
    private var entry: UnsafeMutablePointer<dirent>?

    package init(_ folder: consuming FileDescriptor) throws(SystemError) {
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
    /// - Returns: what the entry is, as far as the folder itself knows.
    package mutating func next(appendingNameTo path: inout [UInt8]) throws(SystemError) -> FileKind? {
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

    /// The status of the current entry, itself if it is a symbolic link.
    package func status() throws(SystemError) -> FileStatus {
        guard let entry = unsafe entry else { preconditionFailure("no entry has been read") }
        return try unsafe FileStatus(Self.name(of: entry), below: dirfd(stream))
    }

    private static func kind(_ type: Int) -> FileKind {
        switch type {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .symlink
        case Int(DT_UNKNOWN): .unknown
        default: .special
        }
    }

    // `d_name` is a tuple in Swift; only its address in place gives the name without a copy.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
        return unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    }
}
