/// A feed's interval and its bounds: minimum ≤ every ≤ maximum, which the reader of the settings ensures.
package struct PollSettings: Equatable, Sendable {
    package var everyMilliseconds: Int64
    package var minimumMilliseconds: Int64
    package var maximumMilliseconds: Int64
    /// Whether the feed's hub tells of news, so that polls are only for safety.
    package var isPushed = false

    package init(
        everyMilliseconds: Int64 = 15 * minuteMilliseconds, minimumMilliseconds: Int64 = minuteMilliseconds,
        maximumMilliseconds: Int64 = dayMilliseconds
    ) {
        self.everyMilliseconds = everyMilliseconds
        self.minimumMilliseconds = minimumMilliseconds
        self.maximumMilliseconds = maximumMilliseconds
    }
}

package let minuteMilliseconds: Int64 = 60_000
package let hourMilliseconds: Int64 = 60 * minuteMilliseconds
package let dayMilliseconds: Int64 = 24 * hourMilliseconds
