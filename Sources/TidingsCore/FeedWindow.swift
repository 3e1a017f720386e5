// A feed shows the newest of many items, and what leaves this window at its end has not been removed. What is missing from
// the midst of it has: only there an absence tells anything, and only where the list behaves like a window at all. A list of
// the most read loses items anywhere, and means nothing by it.

/// So many whole documents in a row must lack an item between items that they show until it is taken for removed.
package let absencesThatProveRemoval = 3

/// The list that a feed shows, as its last whole document left it: the document's items in its order and, each at the place
/// where it stood, the *suspects*: items that are missing and may have been removed.
package struct FeedWindow<ID: Hashable & Sendable>: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let id: ID
        /// When the item was published, in milliseconds since 1970; nil where it does not say.
        package let date: Int64?
        /// Nil while the newest document shows it; of a suspect, how many documents lacked it between items that they showed.
        package var absences: Int?

        package init(_ id: ID, date: Int64? = nil, absences: Int? = nil) {
            self.id = id
            self.date = date
            self.absences = absences
        }
    }

    package var entries: [Entry]

    package init(_ entries: [Entry] = []) { self.entries = entries }

    /// What the newest document shows.
    package var present: [Entry] { entries.filter { $0.absences == nil } }
    package var hasSuspects: Bool { entries.contains { $0.absences != nil } }

    /// What a whole document makes of a window.
    package struct Step: Equatable, Sendable {
        package var window: FeedWindow
        /// What is proved removed; no longer in the window.
        package var gone: [ID] = []
        /// How many removals are proved and held, because they are too many to be believed; they stay suspects.
        package var held = 0
        /// Whether the window showed items and the document shows none of them: what came and went in between was missed.
        package var isGap = false
    }

    /// The step to `document`, the items of a whole document in its order.
    /// - Parameter believesMany: whether removals are not held however many they are.
    package func step(to document: [Entry], believesMany: Bool = false) -> Step {
        var step = Step(window: FeedWindow(document))
        let places = Dictionary(document.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        guard entries.contains(where: { places[$0.id] != nil }) else {
            step.isGap = !entries.isEmpty && !document.isEmpty
            return step
        }
        // Without an order, or with survivors in another, all suspicion is dropped.
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

    /// The document with the suspects among its items; nil if the list is no window.
    private func merge(_ document: [Entry], _ order: WindowOrder) -> [Entry]? {
        guard order == .oldestFirst else { return Merge(entries, document, isDated: order == .newestFirst).result }
        return Merge(entries.reversed(), document.reversed(), isDated: true).result?.reversed()
    }
}

/// How the items of a document are sorted by their dates.
private enum WindowOrder {
    case newestFirst, oldestFirst
    /// Dates say nothing: not all items have one, or all have the same.
    case undated

    /// Nil if all items have dates and are sorted by something else.
    init?(dates: [Int64?]) {
        let known = dates.compactMap(\.self)
        guard known.count == dates.count, let first = known.first, known.contains(where: { $0 != first }) else {
            self = .undated
            return
        }
        let pairs = zip(known, known.dropFirst())
        if pairs.allSatisfy(>=) {
            self = .newestFirst
        } else if pairs.allSatisfy(<=) {
            self = .oldestFirst
        } else {
            return nil
        }
    }
}

/// Merging a window with the next document. Both are newest first, or undated: then which end items leave at is not known.
private struct Merge<ID: Hashable & Sendable> {
    typealias Entry = FeedWindow<ID>.Entry
    private let old: [Entry]
    private let document: [Entry]
    private let isDated: Bool
    private let places: [ID: Int]
    /// Whether as many items have come as went. Then the last item before one that is pinned to the window's end may only have
    /// been pushed out, as the others were: it takes two items behind it to tell a removal from that.
    private let isExplainedByNewcomers: Bool

    init(_ old: [Entry], _ document: [Entry], isDated: Bool) {
        self.old = old
        self.document = document
        self.isDated = isDated
        let places = Dictionary(document.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.places = places
        let went = old.count { $0.absences == nil && places[$0.id] == nil }
        let known = Set(old.map(\.id))
        // What came in behind the last survivor pushed nothing out: it fills up what a removal left free.
        let lastSurvivor = isDated ? old.compactMap { places[$0.id] }.max() ?? 0 : document.count - 1
        isExplainedByNewcomers = document.prefix(lastSurvivor + 1).count { !known.contains($0.id) } >= went
    }

    var result: [Entry]? {
        var merged: [Entry] = []
        var missing: [Entry] = []
        var next = 0
        for entry in old {
            guard let place = places[entry.id] else {
                missing.append(entry)
                continue
            }
            // A survivor stands before another that it followed: this list is ranked. So is an undated one that takes up
            // newcomers between survivors; a dated one sorts in what was published late.
            let isFirst = next == 0
            guard place >= next, isDated || isFirst || place == next else { return nil }
            merged += document[next..<place]
            // A survivor with a newer date may have gone past what is missing, whose place is then further down.
            let passed = missing.filter { isPassed($0, by: entry, as: document[place]) }
            missing.removeAll { isPassed($0, by: entry, as: document[place]) }
            merged += missing.compactMap { suspect($0, before: place, hasSurvivorBefore: !isFirst) }
            merged.append(document[place])
            missing = passed
            next = place + 1
        }
        // What no survivor follows has left at the end, or may have.
        return merged + document[next...]
    }

    /// Whether `survivor`, which is `now`, was behind `entry` and was given a date that puts it before.
    private func isPassed(_ entry: Entry, by survivor: Entry, as now: Entry) -> Bool {
        guard isDated, let date = entry.date, let old = survivor.date, let new = now.date else { return false }
        return old < new && date <= new
    }

    /// `entry`, which is missing right before the survivor at `place`, with this absence counted if it stands between items
    /// that are shown; nil if it may have left in another way.
    private func suspect(_ entry: Entry, before place: Int, hasSurvivorBefore: Bool) -> Entry? {
        let shownBefore = place
        let shownAfter = document.count - place
        if isDated {
            // Older than the oldest item, or not where its date belongs: absent for another reason.
            guard let date = entry.date, let following = document[place].date, date >= following else { return nil }
            if place > 0, let preceding = document[place - 1].date, date > preceding { return nil }
        } else if !hasSurvivorBefore {
            // The first of an undated list may be its oldest.
            return nil
        }
        if entry.absences == nil {
            let needed = isExplainedByNewcomers ? 2 : 1
            guard shownAfter >= needed, isDated || shownBefore >= needed else { return nil }
        }
        var suspect = entry
        // With nothing shown before it the feed may have changed at this end; it waits for a newcomer.
        suspect.absences = (entry.absences ?? 0) + (shownBefore > 0 ? 1 : 0)
        return suspect
    }
}
