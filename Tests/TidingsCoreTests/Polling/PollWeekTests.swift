import TestSupport
import Testing

@testable import TidingsCore

@Suite struct PollWeekTests {
    @Test("whatever happens, the next poll is ahead, behind what the server asked for, and within days", arguments: 1...20)
    func anything(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        var feed = Feed()
        for _ in 0..<1000 {
            feed.jitter = .random(in: 0..<1, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0: feed.now += Int64.random(in: -365...365, using: &random) * day  // the clock is set
            case 1: feed.now = feed.state.forcedPoll(now: feed.now)  // a person asks
            case 2:
                let until = feed.now + .random(in: -day...30 * day, using: &random)
                feed.state = PollPlan.throttled(feed.state, until: until, now: feed.now, jitter: feed.jitter)
            default:
                let due = PollPlan.due(feed.state, feed.settings, now: feed.now)
                #expect(due - feed.now <= 10 * day, "seed \(seed)")
                feed.now = max(feed.now, due)
            }
            let before = feed.state
            let outcome = outcome(&random)
            feed.poll(outcome)

            guard outcome != .abandoned else { continue }
            let after = feed.state
            #expect(after.nextPoll > feed.now, "seed \(seed): \(outcome) after \(before)")
            #expect(after.nextPoll >= after.notBefore ?? 0, "seed \(seed): \(outcome) after \(before)")
            #expect((after.notBefore ?? 0) <= feed.now + day, "seed \(seed): \(outcome) after \(before)")
            let ceiling: Int64 =
                switch after.sourceState {
                case .ok where after.consecutiveFailures == 0: day + day / 4
                case .ok, .failing: 5 * day
                case .gone: 10 * day
                }
            #expect(feed.delay <= ceiling, "seed \(seed): \(outcome) after \(before)")
            #expect(PollState(json: after.json, nextPoll: after.nextPoll) == after)
        }
    }

    private func outcome(_ random: inout Seeded) -> PollOutcome {
        let maxAge = "max-age=\(Int.random(in: 0...1 << 40, using: &random))"
        let hints = PollHints(
            cacheControl: [nil, "no-cache", maxAge].randomElement(using: &random)!,
            feed: Bool.random(using: &random)
                ? nil
                : FeedHints(
                    timeToLiveSeconds: .random(in: -10...1 << 40, using: &random),
                    skips: SkipTimes(
                        hours: (0..<12).map { _ in .random(in: -1...25, using: &random) },
                        days: (0..<3).map { _ in .random(in: 0...8, using: &random) })))
        let target = [nil, nil, "https://a.example/", "https://b.example/"].randomElement(using: &random)!
        let century = "Sat, 20 Feb 2126 13:00:00 GMT"
        let retryAfter = [nil, "0", "-1", "3600", "99999999999", century].randomElement(using: &random)!
        let etag = ["a", "b"].randomElement(using: &random)!
        let items = Int.random(in: 0...40, using: &random)
        let counts = DocumentCounts(items: items, fresh: .random(in: 0...items, using: &random), edited: 0)
        switch Int.random(in: 0..<16, using: &random) {
        case 0..<4: return .notModified(hints: hints, permanentTarget: target)
        case 4..<8:
            return .read(
                status: 200, validators: Validators(etag: etag), hints: hints, counts: counts, permanentTarget: target)
        case 8: return .read(status: 200, validators: nil, hints: hints, counts: counts)
        case 9: return .abandoned
        case 10: return .unreadable(status: 200)
        case 11: return .failed(isTransient: .random(using: &random))
        default:
            let status = [404, 410, 410, 410, 429, 503, 500, 403].randomElement(using: &random)!
            return .rejected(status: status, retryAfter: retryAfter)
        }
    }

    /// What a week of polls saw of a feed whose document holds the newest 20 items.
    private struct Week {
        var polls = 0
        /// Items that left the document unseen, after a first day of learning.
        var lost = 0
        var slowest: Int64 = 0
    }

    /// - Parameter arrivals: when items come, rising.
    private func week(_ arrivals: [Int64], _ random: inout Seeded) -> Week {
        var week = Week()
        var feed = Feed()
        var seen = 0
        feed.poll(.read(Validators(), DocumentCounts(items: 20, fresh: 20)))
        while feed.state.nextPoll < now + 7 * day {
            feed.now = feed.state.nextPoll
            feed.jitter = .random(in: 0..<1, using: &random)
            let fresh = arrivals[seen...].prefix { $0 <= feed.now }.count
            seen += fresh
            feed.poll(fresh == 0 ? .notModified : .read(Validators(), DocumentCounts(items: 20, fresh: min(fresh, 20))))
            week.polls += 1
            if feed.now > now + day { week.lost += max(fresh - 20, 0) }
            week.slowest = max(week.slowest, feed.delay)
        }
        return week
    }

    /// Items that come by chance, one in `gap` on average, while `isAwake`.
    private func arrivals(
        oneIn gap: Int64, _ random: inout Seeded, while isAwake: (Int64) -> Bool = { _ in true }
    ) -> [Int64] {
        var times: [Int64] = []
        var time = now
        while time < now + 7 * day {
            time += .random(in: 0..<(2 * gap), using: &random)
            if isAwake(time) { times.append(time) }
        }
        return times
    }

    @Test("no item leaves the document unseen where the floor allows that", arguments: [
        (30_000, 2200), (minute, 1100), (2 * minute, 672), (5 * minute, 672), (hour, 672),
    ] as [(Int64, Int)])
    func overlap(gap: Int64, polls: Int) {
        for seed in 1...3 as ClosedRange<UInt64> {
            var random = Seeded(seed: seed)
            let seen = week(arrivals(oneIn: gap, &random), &random)
            #expect(seen.lost == 0, "seed \(seed)")
            // And it is not asked more often than that takes.
            #expect(seen.polls <= polls, "seed \(seed)")
        }
    }

    @Test func aFeedThatIsTooFastIsAskedFourTimesAsOftenAndNoMore() {
        var random = Seeded(seed: 1)
        let seen = week(arrivals(oneIn: 5000, &random), &random)
        #expect((2400...2688).contains(seen.polls))
    }

    @Test func aFeedThatSleepsByNightLosesLittleInTheMorning() {
        var random = Seeded(seed: 1)
        let items = arrivals(oneIn: 30_000, &random) { $0 % day > 7 * hour && $0 % day < 21 * hour }
        let seen = week(items, &random)
        // At a fixed interval it would be one in three.
        #expect(seen.lost < items.count / 100)
        #expect(seen.slowest < 17 * minute)
    }

    @Test func aFeedThatBringsNothingIsAskedEvery2HoursInTheEnd() {
        var random = Seeded(seed: 1)
        let seen = week([], &random)
        #expect((2 * hour...2 * hour + 12 * minute).contains(seen.slowest))
        #expect(seen.polls < 150)
    }
}
