import TidingsCore
import TidingsSystem

// Retention of the change files. Whole files are removed, the oldest first, so that the rest can be read without a hole; a reader
// that has one open can still read it to its end. Rows and files have limits of their own: see `Ledger+Prune`.

extension ChangeFile {
    /// What `removeOld` removed.
    package struct Removal: Equatable, Sendable {
        package var files = 0
        package var bytes: Int64 = 0

        package init() {}
    }

    /// A file that may be removed.
    struct Removable: Equatable {
        let name: String
        /// The first change in a sealed segment; nil for a file that was set aside.
        let first: Int64?
        var thing: RetentionLimit.Thing
    }

    /// The first change that the live segment has or will have; nil while the file has to be recovered. A repair needs the rows
    /// from here on.
    package var liveFirst: Int64? { live?.first }

    /// Removes the oldest files that `limit` does not keep: sealed segments, segments of earlier streams, and damaged copies.
    /// Nothing else in the folder is touched, and never the live segment.
    /// - Parameter onStep: called after each file.
    package mutating func removeOld(keeping limit: RetentionLimit, onStep: () -> Void = {}) throws -> Removal {
        // External edits are repaired first, so that each file is what its name says.
        let live = try intactLive()
        let files = try removable(beside: live.stamp.identity)
        let total = files.reduce(live.stamp.size) { $0 + $1.thing.bytes }
        let count = limit.countToRemove(of: files.map(\.thing), total: total, now: nowMilliseconds())
        var removal = Removal()
        for file in files.prefix(count) {
            try folder.remove(folder.path(of: file.name))
            try reach(.pruneFileRemoved)
            // Synced one by one: a power cut must not bring an older file back when a younger one is gone.
            try syncFolder()
            removal.files += 1
            removal.bytes += file.thing.bytes
            onStep()
        }
        return removal
    }

    /// All files that may be removed, oldest first.
    private func removable(beside live: FileStatus.Identity) throws -> [Removable] {
        var files: [Removable] = []
        var known: Set<FileStatus.Identity> = []
        for name in try folder.names() {
            let first = StreamFolder.first(ofSealed: name)
            guard first != nil || StreamFolder.isAside(name), let stamp = try FileStatus.of(path: folder.path(of: name)),
                stamp.isRegular, stamp.identity != live
            else { continue }
            // The bytes of a file with two names count once.
            let isNew = known.insert(stamp.identity).inserted
            let modified = Int64(stamp.modified.seconds) * 1000
            files.append(
                Removable(
                    name: name, first: first,
                    thing: RetentionLimit.Thing(
                        milliseconds: first == nil ? modified : try newestTime(in: name) ?? modified,
                        bytes: isNew ? stamp.size : 0)))
        }
        return inOrder(files)
    }

    /// When the newest change in a segment was committed; nil where its end cannot be read.
    private func newestTime(in name: String) throws -> Int64? {
        guard let line = try ReadSegment.open(folder.path(of: name))?.lastLine() else { return nil }
        return ChangeLineFields(line).flatMap { ItemDate($0.time)?.milliseconds }
    }
}

/// By age, but sealed segments in the order of their changes: the clock may have been set back, so each counts as at least as
/// young as the segment before it.
func inOrder(_ files: [ChangeFile.Removable]) -> [ChangeFile.Removable] {
    var sealed = files.filter { $0.first != nil }.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    var latest = Int64.min
    for index in sealed.indices {
        latest = max(latest, sealed[index].thing.milliseconds)
        sealed[index].thing.milliseconds = latest
    }
    let aside = files.filter { $0.first == nil }
    return (aside + sealed).sorted { left, right in
        let (a, b) = (left.thing.milliseconds, right.thing.milliseconds)
        return a != b ? a < b : (left.first ?? 0, left.name) < (right.first ?? 0, right.name)
    }
}

extension StreamFolder {
    /// Whether `name` belongs to a segment of an earlier stream or to a damaged copy.
    static func isAside(_ name: String) -> Bool {
        var base = name[...]
        if let dot = base.firstRange(of: ".ndjson.damaged") {
            let number = base[dot.upperBound...]
            guard number.isEmpty || number.first == "-" && number.count > 1 && number.dropFirst().utf8.allSatisfy(isDigit) else {
                return false
            }
            base = base[..<dot.lowerBound] + ".ndjson"
            if base == liveName || first(ofSealed: String(base)) != nil { return true }
        }
        let parts = base.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "ndjson", !parts[1].isEmpty else { return false }
        return first(ofSealed: "\(parts[0]).ndjson") != nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension ChangeReader {
    /// The oldest change that can be read in the change files below `folder`; nil if there are none.
    package static func oldest(in folder: String) throws(StreamError) -> Int64? {
        try StreamExtent.of(StreamFolder(path: folder))?.oldest
    }
}
