/// When to pass on what happened to a path. Pure: the time is given, in nanoseconds of a monotonic clock.
///
/// - A *whole* event (closed after writing, moved in) is passed on at once if the path was quiet before. Further whole events
///   within the settle time are held until the path has been quiet for that long. If they go on, one is passed on every
///   `patience` settle times all the same, at the moment in which a writer has closed the file.
/// - Any other event (written, truncated, linked, deleted, moved out) is passed on when the path has been quiet for the settle
///   time, because more may follow. If a whole event comes before that, it is passed on in its place.
struct PendingPaths {
    /// More paths at once are too many to keep: the whole folder is scanned instead.
    static let limit = 65_536
    /// In settle times.
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

    /// The paths that have been quiet for the settle time and were held. They are forgotten, as are quiet paths that were not held.
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
        // Not exactly when the next path is due: each call goes through all paths, which must be rare when there are many.
        nextDueAt = entries.isEmpty ? .max : max(earliest, now + settle / 8)
        return due
    }

    /// The timeout for poll(2); -1 for none.
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
