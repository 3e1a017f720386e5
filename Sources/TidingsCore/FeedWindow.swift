// A feed shows the newest of many items, and an item that leaves this window at its end has not been removed. Only an
// item missing between two that are still listed counts as removed, and only if the list behaves like a window. A list
// of the most read items loses items anywhere, which proves nothing.

/// How many whole documents in a row must lack an item between items that they show before it counts as removed.
package let absencesThatProveRemoval = 3

/// The list that a feed shows, as its last whole document left it: the document's items in its order and, each at its
/// old position, the *suspects*: items that are missing and may have been removed.
package struct FeedWindow<ID: Hashable & Sendable>: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let id: ID
        /// When the item was published, in milliseconds since 1970; nil if the item does not say.
        package let date: Int64?
        /// Nil while the newest document shows the item. For a suspect: how many documents lacked it between items that
        /// they showed.
        package var absences: Int?

        package init(_ id: ID, date: Int64? = nil, absences: Int? = nil) {
            self.id = id
            self.date = date
            self.absences = absences
        }
    }

    package var entries: [Entry]

    package init(_ entries: [Entry] = []) { self.entries = entries }

    /// The items that the newest document shows.
    package var present: [Entry] { entries.filter { $0.absences == nil } }
    package var hasSuspects: Bool { entries.contains { $0.absences != nil } }

    /// How a whole document changes a window.
    package struct Step: Equatable, Sendable {
        package var window: FeedWindow
        /// Items that are proved removed. The window no longer contains them.
        package var gone: [ID] = []
        /// How many proved removals are held because they are too many to be believed. Their items stay suspects.
        package var held = 0
        /// Whether the window showed items and the document shows none of them: items that came and went in between
        /// were missed.
        package var isGap = false
    }

    /// The step to `document`: the items of a whole document, in its order.
    /// - Parameter believesMany: whether removals are accepted however many there are.
    package func step(to document: [Entry], believesMany: Bool = false) -> Step {
        var step = Step(window: FeedWindow(document))
        let positions = Dictionary(document.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        guard entries.contains(where: { positions[$0.id] != nil }) else {
            step.isGap = !entries.isEmpty && !document.isEmpty
            return step
        }
        // If the dates give no order, or the surviving items changed theirs, all suspects are dropped.
        guard let order = WindowOrder(dates: document.map(\.date)), var merged = merge(document, order) else { return step }
        step.gone = merged.filter { ($0.absences ?? 0) >= absencesThatProveRemoval }.map(\.id)
        if !believesMany, holdsRemovals(removed: step.gone.count, live: merged.count) {
            step.held = step.gone.count
            step.gone = []
        } else {
            merged.removeAll { ($0.absences ?? 0) >= absencesThatProveRemoval }
        }
        step.window = FeedWindow(merged)
        return step
    }

    /// The document with the suspects inserted between its items; nil if the list is no window.
    private func merge(_ document: [Entry], _ order: WindowOrder) -> [Entry]? {
        guard order == .oldestFirst else { return Merge(entries, document, isDated: order == .newestFirst).result }
        return Merge(entries.reversed(), document.reversed(), isDated: true).result?.reversed()
    }
}

/// How the items of a document are sorted by their dates.
private enum WindowOrder {
    case newestFirst, oldestFirst
    /// The dates give no order: an item has none, or all are the same.
    case undated

    /// Nil if all items have dates and are not sorted by them.
    init?(dates: [Int64?]) {
        let given = dates.compactMap(\.self)
        guard given.count == dates.count, let first = given.first, given.contains(where: { $0 != first }) else {
            self = .undated
            return
        }
        let pairs = zip(given, given.dropFirst())
        if pairs.allSatisfy(>=) {
            self = .newestFirst
        } else if pairs.allSatisfy(<=) {
            self = .oldestFirst
        } else {
            return nil
        }
    }
}

/// Merges a window with the next document. Both are newest first, or undated; an undated list may lose items at either
/// end.
private struct Merge<ID: Hashable & Sendable> {
    typealias Entry = FeedWindow<ID>.Entry
    private let old: [Entry]
    private let document: [Entry]
    private let isDated: Bool
    private let positions: [ID: Int]
    /// Whether as many items came as went. Then the last item before one that is pinned to the window's end may only
    /// have been pushed out like the others: only two items behind it prove a removal.
    private let isExplainedByNewcomers: Bool

    init(_ old: [Entry], _ document: [Entry], isDated: Bool) {
        self.old = old
        self.document = document
        self.isDated = isDated
        let positions = Dictionary(document.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.positions = positions
        let went = old.count { $0.absences == nil && positions[$0.id] == nil }
        let oldIDs = Set(old.map(\.id))
        // Items that came in behind the last survivor pushed nothing out: they fill the room that a removal left.
        let lastSurvivor = isDated ? old.compactMap { positions[$0.id] }.max() ?? 0 : document.count - 1
        isExplainedByNewcomers = document.prefix(lastSurvivor + 1).count { !oldIDs.contains($0.id) } >= went
    }

    var result: [Entry]? {
        var merged: [Entry] = []
        var missing: [Entry] = []
        var next = 0
        for entry in old {
            guard let position = positions[entry.id] else {
                missing.append(entry)
                continue
            }
            // A survivor now precedes one that it followed: this list is ranked. So is an undated list with newcomers
            // between survivors; a dated list sorts late publications in there.
            let isFirst = next == 0
            guard position >= next, isDated || isFirst || position == next else { return nil }
            merged += document[next..<position]
            // A survivor with a newer date may have moved past a missing item, whose position is then further down.
            let overtaken = missing.filter { isOvertaken($0, by: entry, as: document[position]) }
            missing.removeAll { isOvertaken($0, by: entry, as: document[position]) }
            merged += missing.compactMap { suspect($0, before: position, hasSurvivorBefore: !isFirst) }
            merged.append(document[position])
            missing = overtaken
            next = position + 1
        }
        // Missing items that no survivor follows are dropped: they left at the end, or may have.
        return merged + document[next...]
    }

    /// Whether `survivor` was behind `entry` and its new date, that of `now`, puts it before `entry`.
    private func isOvertaken(_ entry: Entry, by survivor: Entry, as now: Entry) -> Bool {
        guard isDated, let date = entry.date, let old = survivor.date, let new = now.date else { return false }
        return old < new && date <= new
    }

    /// `entry`, which is missing right before the survivor at `position`, with this absence counted if there are shown
    /// items on both sides; nil if it may have left in another way.
    private func suspect(_ entry: Entry, before position: Int, hasSurvivorBefore: Bool) -> Entry? {
        let shownBefore = position
        let shownAfter = document.count - position
        if isDated {
            // Older than the oldest item, or not at the position that its date demands: absent for another reason.
            guard let date = entry.date, let following = document[position].date, date >= following else { return nil }
            if position > 0, let preceding = document[position - 1].date, date > preceding { return nil }
        } else if !hasSurvivorBefore {
            // The first item of an undated list may be its oldest.
            return nil
        }
        if entry.absences == nil {
            let needed = isExplainedByNewcomers ? 2 : 1
            guard shownAfter >= needed, isDated || shownBefore >= needed else { return nil }
        }
        var suspect = entry
        // If nothing is shown before it, the feed may have changed at this end. Then the absence counts only after a
        // newcomer, or if the item is newer than all that is shown: the window's end pushes out the oldest.
        suspect.absences = (entry.absences ?? 0) + (shownBefore > 0 || isNewest(entry) ? 1 : 0)
        return suspect
    }

    private func isNewest(_ entry: Entry) -> Bool {
        guard isDated, let date = entry.date, let newest = document.first?.date else { return false }
        return date > newest
    }
}
