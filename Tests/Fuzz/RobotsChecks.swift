@testable import TidingsCore

/// The first line is a path.
func checkRobots(_ bytes: [UInt8]) {
    let (line, rest) = cut(bytes)
    let rules = RobotsRules(rest, agent: "Tidings/1.0")
    requireEqual(RobotsRules(stored: rules.stored), rules, "rules are read back as they were kept")
    requireEqual(rules.lines.split(separator: 0x0A).count, rules.lines.count { $0 == 0x0A }, "a rule is a line")
    require(rules.lines.allSatisfy { $0 == 0x0A || (0x21...0x7E).contains($0) }, "what is kept can be shown")
    if case .disallowed(let rule, let line) = rules.permission(for: "https://harbour.example/" + line) {
        require(rules.stored.contains("\(line)-\(rule)"), "what forbids is a rule")
    }
    let path = RobotsPattern.normal(Array(line.utf8)[...], isPattern: false)
    requireEqual(RobotsPattern.normal(path[...], isPattern: false), path, "the normal form is normal")
    let pattern = RobotsPattern.normal(rest.prefix(64), isPattern: true)
    requireEqual(RobotsPattern.normal(pattern[...], isPattern: true), pattern, "the normal form of a pattern is normal")
    let start = Array(path.prefix(64))
    requireEqual(
        RobotsPattern.matches(pattern[...], start), matchesSlowly(pattern, start), "what is found from left to right is all that there is")
}

/// The same by trying everything: after each octet of the pattern, the lengths of all beginnings of the path that match so far.
private func matchesSlowly(_ pattern: [UInt8], _ path: [UInt8]) -> Bool {
    let mustEnd = pattern.last == UInt8(ascii: "$")
    var lengths: Set<Int> = [0]
    for octet in mustEnd ? pattern.dropLast() : pattern[...] {
        if octet == UInt8(ascii: "*") {
            lengths = Set((lengths.min() ?? path.count + 1)..<(path.count + 1))
        } else {
            lengths = Set(lengths.filter { $0 < path.count && path[$0] == octet }.map { $0 + 1 })
        }
        if lengths.isEmpty { return false }
    }
    return mustEnd ? lengths.contains(path.count) : true
}
