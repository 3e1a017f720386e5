import Testing

@testable import TidingsCore

private let today = "Fri, 20 Feb 2026 10:00:00 GMT"
private let tomorrow = "Sat, 21 Feb 2026 10:00:00 GMT"

private func timeToLive(_ seconds: Int) -> FeedHints { FeedHints(timeToLiveSeconds: seconds) }

@Suite struct PollIntervalTests {
    @Test("a feed that answers waits for the longest of what is asked, within bounds", arguments: [
        ("nothing asked", PollHints(), 15 * minute, .interval),
        ("max-age is longer", PollHints(cacheControl: "public, max-age=3600"), hour, .maxAge),
        ("max-age is shorter", PollHints(cacheControl: "max-age=60"), 15 * minute, .interval),
        ("max-age is a year", PollHints(cacheControl: "max-age=31536000"), day, .maxAge),
        ("max-age is beyond numbers", PollHints(cacheControl: "max-age=99999999999999999999"), day, .maxAge),
        ("no-cache takes max-age's word", PollHints(cacheControl: "max-age=3600, no-cache"), 15 * minute, .interval),
        ("no-store takes Expires' word", PollHints(cacheControl: "no-store", expires: tomorrow, date: today),
         15 * minute, .interval),
        ("Expires counts from Date", PollHints(expires: "Fri, 20 Feb 2026 12:00:00 GMT", date: today), 2 * hour, .expires),
        ("Expires without Date says nothing", PollHints(expires: tomorrow), 15 * minute, .interval),
        ("Expires is invalid", PollHints(expires: "-1", date: today), 15 * minute, .interval),
        ("max-age goes before Expires", PollHints(cacheControl: "max-age=0", expires: tomorrow, date: today),
         15 * minute, .interval),
        ("ttl is longer", PollHints(feed: timeToLive(7200)), 2 * hour, .ttl),
        ("ttl is nonsense", PollHints(feed: timeToLive(-5)), 15 * minute, .interval),
        ("ttl is beyond numbers", PollHints(feed: timeToLive(.max)), day, .ttl),
        ("the longest wins", PollHints(cacheControl: "max-age=3600", feed: timeToLive(7200)), 2 * hour, .ttl),
        ("whoever asks for it", PollHints(cacheControl: "max-age=18000", feed: timeToLive(14_400)), 5 * hour, .maxAge),
    ] as [(String, PollHints, Int64, PollReason)])
    func intervals(name: String, hints: PollHints, expected: Int64, reason: PollReason) {
        var feed = Feed()
        feed.poll(.read(status: 200, validators: nil, hints: hints))
        #expect(feed.delay == expected, "\(name)")
        #expect(feed.state.dueReason == reason, "\(name)")
        // The feed's own hints stand; those of the response are its own.
        feed.poll(.notModified(hints: PollHints(cacheControl: hints.cacheControl, expires: hints.expires, date: hints.date)))
        #expect(feed.delay == expected, "\(name)")
    }

    @Test func whatTheFeedSaysStandsUntilTheNextDocument() {
        var feed = Feed()
        feed.poll(.read(status: 200, validators: nil, hints: PollHints(feed: timeToLive(7200))))
        feed.poll(.notModified)
        #expect(feed.delay == 2 * hour)
        feed.poll(.read(Validators(), nil))  // the same bytes again
        #expect(feed.delay == 2 * hour)
        feed.poll(.read(status: 200, validators: nil, hints: PollHints(feed: FeedHints())))
        #expect(feed.delay == 15 * minute)
    }

    // It is Friday, 10:00; the next poll would be at 10:15.
    @Test("a feed that asks to be left alone for some hours is", arguments: [
        ("no hour of today", SkipTimes(hours: [3, 4]), 15 * minute, .interval),
        ("this hour", SkipTimes(hours: [10]), hour, .skipHours),
        ("this hour and the two after it", SkipTimes(hours: [12, 10, 11]), 3 * hour, .skipHours),
        ("the rest of the day, as RSS 0.91 counts hours", SkipTimes(hours: Array(10...24)), 15 * hour, .skipHours),
        ("today", SkipTimes(days: [5]), 14 * hour, .skipHours),
        ("today and the first hour of tomorrow", SkipTimes(hours: [0], days: [5]), 15 * hour, .skipHours),
        ("the weekend: not for more than the maximum", SkipTimes(days: [5, 6, 7]), day, .skipHours),
        ("tomorrow", SkipTimes(days: [6]), 15 * minute, .interval),
        ("always: it cannot mean that", SkipTimes(days: [1, 2, 3, 4, 5, 6, 7]), 15 * minute, .interval),
        ("each hour: nor that", SkipTimes(hours: Array(0...23)), 15 * minute, .interval),
        ("hours and days that there are not", SkipTimes(hours: [-1, 25, 99], days: [0, 8]), 15 * minute, .interval),
    ] as [(String, SkipTimes, Int64, PollReason)])
    func skips(name: String, skips: SkipTimes, expected: Int64, reason: PollReason) {
        var feed = Feed()
        feed.poll(.read(status: 200, validators: nil, hints: PollHints(feed: FeedHints(skips: skips))))
        #expect(feed.delay == expected, "\(name)")
        #expect(feed.state.dueReason == reason, "\(name)")
    }

    @Test func feedsThatSkipTheSameHoursDoNotComeOnOneStroke() {
        var feed = Feed()
        feed.jitter = 0.5
        feed.poll(.read(status: 200, validators: nil, hints: PollHints(feed: FeedHints(skips: SkipTimes(hours: [10])))))
        #expect(feed.delay == hour + 3 * minute)
    }

    @Test func aFailureIsNotMovedBySkippedHours() {
        var feed = Feed()
        feed.state.feedHints.skips = SkipTimes(hours: [10])
        feed.poll(.timedOut)
        #expect(feed.delay == 15 * minute)
    }

    // A document of 20 items, read an hour ago; the last fresh item came then too.
    @Test("the pace sets the interval", arguments: [
        ("one fresh item in an hour", 15 * minute, 20, 1, 15 * minute, .interval),
        ("half the document in an hour: as long as that", 2 * hour, 20, 10, hour, .busy),
        ("the same where it is asked more often anyway", 15 * minute, 20, 10, 15 * minute, .interval),
        ("the whole document: half of the time at most", 2 * hour, 20, 20, 30 * minute, .busy),
        ("but a quarter of the interval at least", 2 * hour, 20, 90, 30 * minute, .busy),
        ("and a minute at least", 3 * minute, 1, 100, minute, .busy),
        ("or the interval itself, where that is shorter", minute / 2, 1, 100, minute, .interval),
        ("a short document fills sooner", 2 * hour, 2, 1, hour, .busy),
        ("an empty one has no pace", 2 * hour, 0, 0, 2 * hour, .interval),
    ] as [(String, Int64, Int, Int, Int64, PollReason)])
    func pace(name: String, every: Int64, items: Int, fresh: Int, expected: Int64, reason: PollReason) {
        var feed = Feed()
        feed.settings.everyMilliseconds = every
        feed.poll(.read(Validators(), DocumentCounts(items: items, fresh: items)))
        feed.poll(after: hour, .read(Validators(), DocumentCounts(items: items, fresh: fresh)))
        #expect(feed.delay == expected, "\(name)")
        #expect(feed.state.dueReason == reason, "\(name)")
    }

    @Test func theFirstImportSaysNothingAboutThePace() {
        var feed = Feed()
        feed.poll(.read(Validators(), DocumentCounts(items: 1, fresh: 1)))
        #expect(feed.delay == 15 * minute)
        #expect(feed.state.pace.itemGapMilliseconds == nil)
        feed.poll(after: 15 * minute, .notModified)
        #expect(feed.delay == 15 * minute)
    }

    @Test("a feed that is silent for so long is asked so rarely", arguments: [
        (3 * hour, 15 * minute, .interval),
        (8 * hour, 30 * minute, .quiet),
        (30 * day, 2 * hour, .quiet),
    ] as [(Int64, Int64, PollReason)])
    func quiet(silence: Int64, expected: Int64, reason: PollReason) {
        var feed = Feed()
        feed.poll(.read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        feed.poll(after: silence, .notModified)
        #expect(feed.delay == expected)
        #expect(feed.state.dueReason == reason)
        feed.poll(after: feed.delay, .read(Validators(), DocumentCounts(items: 20, fresh: 1)))
        #expect(feed.delay == 15 * minute)
    }

    @Test("a feed that is busy by day is asked at its interval by night; after a silent day it is quiet", arguments: [
        (12 * hour, 15 * minute), (23 * hour, 15 * minute), (25 * hour, 25 * hour / 16),
    ] as [(Int64, Int64)])
    func night(silence: Int64, expected: Int64) {
        var feed = Feed()
        feed.poll(.read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        feed.poll(after: 15 * minute, .read(Validators(), DocumentCounts(items: 20, fresh: 18)))
        feed.poll(after: silence, .notModified)
        #expect(feed.delay == expected)
    }

    @Test func whatTwoPollsInOneSecondBringIsNoPace() {
        var feed = Feed()
        feed.poll(.read(Validators(), DocumentCounts(items: 30, fresh: 30)))
        feed.poll(after: 100, .read(Validators(), DocumentCounts(items: 30, fresh: 1)))
        #expect(feed.delay == 15 * minute)
    }

    @Test func aBurstIsForgottenWhenNothingFollowsIt() {
        var feed = Feed()
        feed.poll(.read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        feed.poll(after: 15 * minute, .read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        #expect(feed.delay == 7 * minute + minute / 2)
        feed.poll(after: 8 * minute, .notModified)
        #expect(feed.delay == 15 * minute)
    }

    @Test func aDocumentThatIsFreshThroughoutAfterADowntimeDoesNotSlowThePace() {
        var feed = Feed()
        feed.poll(.read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        feed.poll(after: 15 * minute, .read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        feed.poll(after: 5 * day, .read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        #expect(feed.delay == 7 * minute + minute / 2)
    }

    @Test func aPartialDocumentDoesNotSayHowLongTheDocumentIs() {
        var feed = Feed()
        feed.poll(.read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        feed.poll(after: 15 * minute, .read(nil, DocumentCounts(items: 1, fresh: 1)))
        #expect(feed.state.pace.documentItems == 20)
    }
}
