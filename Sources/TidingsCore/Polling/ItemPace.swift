/// How fast a feed brings items: the adaptive part of its interval.
///
/// A feed is a window. What enters and leaves it between two polls is lost, and no server tells. So the aim is
/// *overlap*: that at most half of the document is fresh at the next poll, which leaves the other half for
/// a misjudgement.
///
/// - **Busy**: where the aim is shorter than `every`, the interval is the aim, but never less than a quarter of `every`
///   nor than a minute.
/// - **Quiet**: otherwise it is a sixteenth of the time since the last fresh item, but at least `every` and at most
///   8 × `every`; on the first day of a silence, also at most the aim. So what comes after a silence is late by
///   a sixteenth of that silence at most.
///
/// A higher pace is believed at once, for then items are in danger; a lower one little by little.
package struct ItemPace: Equatable, Sendable {
    static let slowestOfEvery: Int64 = 8
    static let quietPart: Int64 = 16
    /// How much of a lower pace one poll makes believed: one part in so many, and never less than half the old pace.
    static let fallingPart: Int64 = 4

    /// When a poll last brought fresh items; before any did, when the feed was first read.
    package var lastFresh: Int64?
    /// From one fresh item to the next. Only polls that brought some say anything about it.
    package var itemGapMilliseconds: Int64?
    /// The length of the last whole document, in items.
    package var documentItems: Int?

    package init() {}

    /// Learns from a success.
    /// - Parameters:
    ///   - counts: what the document held; nil if it was the last one again.
    ///   - isWhole: whether the document's length may be relied on.
    ///   - lastSuccess: when the feed was read before. Nil for the first import: then everything is fresh, and
    ///     that says nothing about the pace.
    mutating func learn(_ counts: DocumentCounts?, isWhole: Bool, lastSuccess: Int64?, now: Int64) {
        // A time that is ahead was written by another clock.
        let known = min(lastFresh ?? lastSuccess ?? now, now)
        lastFresh = known
        guard let counts else { return }
        if isWhole { documentItems = counts.items }
        guard counts.fresh > 0, let lastSuccess else { return }
        lastFresh = now
        // All that is fresh came since the last poll, and the polls since `known` brought nothing.
        let shortTerm = Self.gap(now - lastSuccess, counts.fresh)
        let longTerm = Self.gap(now - known, counts.fresh)
        var gap = itemGapMilliseconds ?? longTerm
        // A document that is fresh throughout may have lost some: it says only "at least so fast". And the first item
        // of a morning does not undo what the day before taught.
        if longTerm > gap, counts.fresh < counts.items { gap = min(gap + (longTerm - gap) / Self.fallingPart, 2 * gap) }
        itemGapMilliseconds = min(gap, shortTerm)
    }

    /// What a poll on the heels of another brings is chance; and no gap is 0, or it could not grow.
    private static func gap(_ milliseconds: Int64, _ fresh: Int) -> Int64 {
        max(max(milliseconds, minuteMilliseconds) / Int64(fresh), 1)
    }

    func interval(every: Int64, now: Int64) -> PollPause {
        let silence = max(now - (lastFresh ?? now), 0)
        // A silence that is longer than the gap is the better guess of it.
        if let aim = aim(gapAtLeast: silence), aim < every {
            let shortest = min(max(aim, every / 4, minuteMilliseconds), every)
            return PollPause(shortest, shortest < every ? .busy : .interval)
        }
        var slow = min(silence / Self.quietPart, Self.slowestOfEvery * every)
        // A night is no silence: the morning of a feed that is busy by day would overrun its document.
        if silence < dayMilliseconds, let aim = aim(gapAtLeast: 0) { slow = min(slow, aim) }
        return slow > every ? PollPause(slow, .quiet) : PollPause(every, .interval)
    }

    /// How long it takes until half of the document is fresh; nil where nothing is known.
    private func aim(gapAtLeast least: Int64) -> Int64? {
        guard let itemGapMilliseconds, let documentItems, documentItems > 0 else { return nil }
        let milliseconds = Double(max(itemGapMilliseconds, least)) * Double(documentItems) / 2
        return Int64(min(milliseconds, Double(1 << 60)))
    }
}
