/// When to pass on what happened to a path. Pure: the time is given, in nanoseconds of a steady clock.
///
/// - A *whole* event (closed after writing, moved in) is passed on at once if the path was quiet before. Further ones
///   within the settle time are held until the path has been quiet for that long, but not for ever: while they go on,
///   every `patience` settle times one is passed on, just when a writer has closed the file.
/// - Any other event (written, truncated, linked, deleted, moved out) says that something may be going on, and is passed
///   on when the path has been quiet for the settle time. A whole event that comes first takes its place.
struct PendingPaths {
    /// More paths at once are not kept apart: the whole folder is looked at instead.
    static let limit = 65_536
    static let patience: Int64 = 10

    private struct Entry {
        var lastEventAt: Int64
        var passedOnAt: Int64?
        var isHeld: Bool
        var isFolder: Bool
    }

    private let settle: Int64
    private var entries: [RawPath: Entry] = [:]
    /// No entry is due before this.
    private var nextDueAt = Int64.max

    init(settleNanoseconds: Int64) { settle = max(settleNanoseconds, 1) }

    var count: Int { entries.count }

    /// A whole event. True if it is to be passed on now.
    mutating func whole(_ path: RawPath, at now: Int64) -> Bool {
        let passedOnAt = entries[path]?.passedOnAt
        let passesOn = passedOnAt.map { now - $0 >= settle * Self.patience } ?? true
        insert(
            path,
            Entry(lastEventAt: now, passedOnAt: passesOn ? now : passedOnAt, isHeld: !passesOn, isFolder: false))
        return passesOn
    }

    /// Any other event.
    mutating func disturbed(_ path: RawPath, isFolder: Bool = false, at now: Int64) {
        insert(
            path, Entry(lastEventAt: now, passedOnAt: entries[path]?.passedOnAt, isHeld: true, isFolder: isFolder))
    }

    /// What was held for `path` has been passed on in another way.
    mutating func settleNow(_ path: RawPath) { entries[path] = nil }

    mutating func removeAll() {
        entries = [:]
        nextDueAt = .max
    }

    /// The paths that have been quiet for long enough; others that were are forgotten.
    mutating func due(at now: Int64) -> (files: [RawPath], folders: [RawPath]) {
        guard now >= nextDueAt else { return ([], []) }
        var due: (files: [RawPath], folders: [RawPath]) = ([], [])
        var earliest = Int64.max
        entries = entries.filter { path, entry in
            let dueAt = entry.lastEventAt + settle
            if dueAt > now {
                earliest = min(earliest, dueAt)
                return true
            }
            if entry.isHeld, entry.isFolder { due.folders.append(path) }
            if entry.isHeld, !entry.isFolder { due.files.append(path) }
            return false
        }
        // Not for each path by itself: with many, going through all of them is to be rare.
        nextDueAt = entries.isEmpty ? .max : max(earliest, now + settle / 8)
        return due
    }

    /// How long poll(2) may wait, in its milliseconds; -1 for ever.
    func timeoutMilliseconds(at now: Int64) -> Int32 {
        guard nextDueAt < .max else { return -1 }
        // Rounded up, or the loop would spin through the last millisecond.
        return Int32(clamping: max(0, (nextDueAt - now + 999_999) / 1_000_000))
    }

    private mutating func insert(_ path: RawPath, _ entry: Entry) {
        entries[path] = entry
        nextDueAt = min(nextDueAt, entry.lastEventAt + settle)
    }
}
