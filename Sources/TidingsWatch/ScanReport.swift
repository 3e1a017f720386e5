/// What a scan saw. Paths are in the order of their bytes.
package struct ScanReport: Sendable {
    /// Files that are new, or have another stamp than when they were last read. All files, if everything was asked for.
    package internal(set) var changed = PathList()
    /// Changed files that were written a moment ago: to be looked at again, by when all of them may have settled.
    package internal(set) var young = PathList()
    package internal(set) var youngSettleIn: Duration = .zero
    package internal(set) var unchangedCount = 0
    /// Empty files, which wait to be written.
    package internal(set) var emptyCount = 0
    package internal(set) var folderCount = 0
    package internal(set) var skipped = SkippedFiles()
    /// Files and folders that could not be looked at: nothing at or below them counts as gone.
    package internal(set) var unread: [Unread] = []
    /// Known files that were not seen. An upper bound for the gone ones if the scan is not complete.
    package internal(set) var unmarkedCount = 0

    /// A path that could not be looked at, and why, in words for people.
    package struct Unread: Equatable, Sendable {
        package let path: RawPath
        package let message: String
    }

    package var isComplete: Bool { unread.isEmpty }

    /// Whether the scan has shown that the known file `path` is not at its place. To be confirmed by
    /// `FolderScan.look`, for a rename from a folder not yet scanned into one already scanned hides a file from it.
    package func suggestsGone(_ path: RawPath, in table: FileTable) -> Bool {
        table.isUnmarked(path) && !unread.contains { path.isAtOrBelow($0.path) }
    }

    /// A list of unread folders that outgrows this becomes "the root": nothing is gone then.
    static let unreadLimit = 1_000

    mutating func note(unread path: RawPath, _ message: String) {
        guard unread.count < Self.unreadLimit else {
            unread = [Unread(path: [], message: "more than \(Self.unreadLimit) folders could not be read, the last: \(message)")]
            return
        }
        unread.append(Unread(path: path, message: message))
    }
}

/// Why a file that the rules admit is not read.
package enum SkipReason: Equatable, Sendable, CustomStringConvertible {
    /// Symlinks are not followed: they lead out of the root, or to a file that is seen at its own place.
    case symlink
    /// A FIFO, a socket or a device.
    case special
    case tooLarge(sizeBytes: Int64)
    case empty
    case excluded
    /// With the system's words. Its owner may allow it later, which the watcher notices.
    case unreadable(String)

    package var description: String {
        switch self {
        case .symlink: "is a symbolic link, which is not followed"
        case .special: "is not a regular file"
        case .tooLarge(let size): "is too large (\(size) bytes)"
        case .empty: "is empty"
        case .excluded: "is excluded"
        case .unreadable(let message): "cannot be read: \(message)"
        }
    }
}

/// How many files were skipped, and the first of them by name.
package struct SkippedFiles: Sendable {
    package struct Example: Equatable, Sendable {
        package let path: RawPath
        package let reason: SkipReason
    }
    package static let exampleLimit = 20

    package private(set) var symlinkCount = 0
    package private(set) var specialCount = 0
    package private(set) var tooLargeCount = 0
    package private(set) var examples: [Example] = []

    mutating func note(_ path: RawPath, _ reason: SkipReason) {
        switch reason {
        case .symlink: symlinkCount += 1
        case .special: specialCount += 1
        case .tooLarge: tooLargeCount += 1
        case .empty, .excluded, .unreadable: break
        }
        if examples.count < Self.exampleLimit { examples.append(Example(path: path, reason: reason)) }
    }
}
