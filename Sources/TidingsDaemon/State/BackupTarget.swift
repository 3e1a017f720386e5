import TidingsSystem

/// Where a backup is written.
package struct BackupTarget: Equatable, Sendable {
    /// Absolute, with no symbolic link above the file itself.
    package let path: String

    /// - Parameters:
    ///   - file: as a person wrote it.
    ///   - workingFolder: what it is relative to; absolute.
    ///   - state: whose `db/` is for the daemon's files alone.
    package init(file: String, workingFolder: String, outside state: StateFolder) throws(BackupTargetError) {
        let path = file.hasPrefix("/") ? file : workingFolder + "/" + file
        guard let slash = path.lastIndex(of: "/"), path.index(after: slash) < path.endIndex else { throw .isFolder(file) }
        let parent = slash == path.startIndex ? "/" : String(path[..<slash])
        guard let real = realPath(parent) else { throw .noFolder(parent) }
        if let database = realPath(state.databaseFolder), real == database || real.hasPrefix(database + "/") {
            throw .inDatabaseFolder(database)
        }
        self.path = (real == "/" ? "" : real) + path[slash...]
    }
}

/// Why no backup can be written there.
package enum BackupTargetError: Error, Equatable, Sendable {
    case isFolder(String)
    case noFolder(String)
    case inDatabaseFolder(String)
}

extension BackupTargetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .isFolder(let file): "\(file) is a folder; name a file in it"
        case .noFolder(let parent): "there is no folder \(parent); make it first"
        case .inDatabaseFolder(let database):
            "\(database) is for the daemon's files alone; name a file elsewhere, best on another disk"
        }
    }
}
