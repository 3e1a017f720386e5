/// How fast a feed brings items: the adaptive part of its interval.
///
/// A feed is a window. An item that enters and leaves it between two polls is lost, and no server reports it. So the
/// aim is *overlap*: at most half of the document is fresh at the next poll, which leaves the other half as a margin of
/// error.
///
/// - **Busy**: if the aim is shorter than `every`, the interval is the aim, but at least a quarter of `every` and at
///   least a minute.
/// - **Quiet**: otherwise it is a sixteenth of the time since the last fresh item, but at least `every` and at most 8 ×
///   `every`; on the first day of a silence, also at most the aim. So an item that ends a silence is late by at most a
///   sixteenth of that silence.
///
/// A faster pace is believed at once, because items could be lost; a slower one is believed gradually.
package struct ItemPace: Equatable, Sendable {
    static let slowestOfEvery: Int64 = 8
    static let quietPart: Int64 = 16
    /// One poll moves the pace towards a slower one by this part of the difference, and at most halves it.
    static let fallingPart: Int64 = 4

    /// When a poll last brought fresh items; before the first did, when the feed was first read.
    package var lastFresh: Int64?
    /// The time from one fresh item to the next. Only polls that brought fresh items change it.
    package var itemGapMilliseconds: Int64?
    /// The length of the last whole document, in items.
    package var documentItems: Int?

    package init() {}

    /// Learns from a success.
    /// - Parameters:
    ///   - counts: what the document held; nil if it was the same as the last one.
    ///   - isWhole: whether the document's length is reliable.
    ///   - lastSuccess: when the feed was read before. Nil for the first import, where everything is fresh: that says
    ///     nothing about the pace.
    mutating func learn(_ counts: DocumentCounts?, isWhole: Bool, lastSuccess: Int64?, now: Int64) {
        // A time in the future was written by another clock.
        let previous = min(lastFresh ?? lastSuccess ?? now, now)
        lastFresh = previous
        guard let counts else { return }
        if isWhole { documentItems = counts.items }
        guard counts.fresh > 0, let lastSuccess else { return }
        lastFresh = now
        // All fresh items came since the last poll, and the polls since `previous` brought nothing.
        let shortTerm = Self.gap(now - lastSuccess, counts.fresh)
        let longTerm = Self.gap(now - previous, counts.fresh)
        var gap = itemGapMilliseconds ?? longTerm
        // If every item is fresh, others may have been lost: the document shows only a minimum pace. And the first item
        // of a morning does not undo what the day before taught.
        if longTerm > gap, counts.fresh < counts.items { gap = min(gap + (longTerm - gap) / Self.fallingPart, 2 * gap) }
        itemGapMilliseconds = min(gap, shortTerm)
    }

    /// What two polls in quick succession bring is chance. A gap of 0 could not grow.
    private static func gap(_ milliseconds: Int64, _ fresh: Int) -> Int64 {
        max(max(milliseconds, minuteMilliseconds) / Int64(fresh), 1)
    }

    func interval(every: Int64, now: Int64) -> PollPause {
        let silence = max(now - (lastFresh ?? now), 0)
        // A silence that is longer than the gap is the better estimate of it.
        if let aim = aim(gapAtLeast: silence), aim < every {
            let shortest = min(max(aim, every / 4, minuteMilliseconds), every)
            return PollPause(shortest, shortest < every ? .busy : .interval)
        }
        var slow = min(silence / Self.quietPart, Self.slowestOfEvery * every)
        // A night is no silence: a feed that is busy by day would overrun its document in the morning.
        if silence < dayMilliseconds, let aim = aim(gapAtLeast: 0) { slow = min(slow, aim) }
        return slow > every ? PollPause(slow, .quiet) : PollPause(every, .interval)
    }

    /// How long it takes until half of the document is fresh; nil before that can be told.
    private func aim(gapAtLeast least: Int64) -> Int64? {
        guard let itemGapMilliseconds, let documentItems, documentItems > 0 else { return nil }
        let milliseconds = Double(max(itemGapMilliseconds, least)) * Double(documentItems) / 2
        return Int64(min(milliseconds, Double(1 << 60)))
    }
}
