import Testing
import TidingsCore

@Test("the oldest go that are too old or too much, and nothing from behind something that stays", arguments: [
    ("no limit keeps all", RetentionLimit(), [(1, 10), (2, 10)], 0),
    ("too old", RetentionLimit(ageMilliseconds: 50), [(10, 1), (49, 1), (50, 1), (99, 1)], 2),
    ("too much", RetentionLimit(bytes: 25), [(1, 10), (2, 10), (3, 10), (4, 10)], 2),
    ("just enough", RetentionLimit(bytes: 40), [(1, 10), (2, 10), (3, 10), (4, 10)], 0),
    ("either is reason enough", RetentionLimit(ageMilliseconds: 98, bytes: 35), [(1, 10), (2, 10), (3, 10), (4, 10)], 1),
    ("a date of the future keeps what is behind it", RetentionLimit(ageMilliseconds: 50), [(10, 1), (900, 1), (20, 1)], 1),
    ("of nothing", RetentionLimit(ageMilliseconds: 1, bytes: 0), [], 0),
] as [(String, RetentionLimit, [(Int64, Int64)], Int)])
func oldestGo(_ name: String, limit: RetentionLimit, things: [(Int64, Int64)], expected: Int) {
    let things = things.map { RetentionLimit.Thing(milliseconds: $0.0, bytes: $0.1) }
    #expect(limit.countToRemove(of: things, total: things.reduce(0) { $0 + $1.bytes }, now: 100) == expected)
}
