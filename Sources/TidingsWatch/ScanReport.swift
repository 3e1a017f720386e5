/// What a scan saw. Paths are in the order of their bytes.
package struct ScanReport: Sendable {
    /// Files that are new, or not as they were when they were last read. All files, if the scan reads everything.
    package internal(set) var changed = PathList()
    /// Changed files that were written a moment ago and are to be looked at again.
    package internal(set) var young = PathList()
    /// How long it takes until all of them may have settled.
    package internal(set) var youngSettleIn: Duration = .zero
    package internal(set) var unchangedCount = 0
    /// Empty files, which wait to be written.
    package internal(set) var emptyCount = 0
    package internal(set) var folderCount = 0
    package internal(set) var skipped = SkippedFiles()
    /// Files and folders that could not be looked at. Nothing at or below them counts as gone.
    package internal(set) var unread: [Unread] = []
    /// Known files that the scan did not see: the gone files, or more if the scan is not complete.
    package internal(set) var unmarkedCount = 0

    /// A path that could not be looked at, and why, for people.
    package struct Unread: Equatable, Sendable {
        package let path: RawPath
        package let message: String
    }

    package var isComplete: Bool { unread.isEmpty }

    /// Whether the known file `path` seems to be gone. `FolderScan.look` has to confirm it: the scan does not see a file that is
    /// renamed from a folder not scanned yet into one that is scanned already.
    package func suggestsGone(_ path: RawPath, in table: FileTable) -> Bool {
        table.isUnmarked(path) && !unread.contains { path.isAtOrBelow($0.path) }
    }

    /// More unread folders than this become one, the root: then nothing counts as gone.
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
    /// Symbolic links are not followed: they lead out of the root, or to a file that is seen at its own path.
    case symlink
    /// A FIFO, a socket or a device.
    case special
    case tooLarge(sizeBytes: Int64)
    case empty
    case excluded
    /// With what the system said. The watcher notices if the owner changes the mode later.
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
