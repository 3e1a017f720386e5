/// What a host's robots.txt says to one crawler (RFC 9309), reduced to the rules that are addressed to it.
///
/// The rules are kept as a text in which nothing but the pattern is left of each: a host's file may have thousands of lines, and
/// there are many hosts.
package struct RobotsRules: Equatable, Sendable {
    package enum Permission: Equatable, Sendable {
        case allowed
        /// `rule` is the pattern, in its normal form; `line` is its line in the file, from 1.
        case disallowed(rule: String, line: Int)
    }

    /// One rule a line, in the order of the file: `12-/private` forbids, `13+/private/open` allows, and the number is the line's in
    /// the file. ASCII.
    let lines: [UInt8]

    /// Everything is allowed.
    package static let none = RobotsRules(stored: "")

    /// - Parameters:
    ///   - bytes: a file as it was received, or its beginning.
    ///   - agent: the User-Agent that is sent.
    package init(_ bytes: [UInt8], agent: String) {
        var reading = RobotsReading(token: Self.token(of: agent))
        reading.read(bytes)
        lines = reading.rules
    }

    /// - Parameter text: what `stored` gave. A line of it that is no rule is passed over.
    package init(stored text: String) { lines = Array(text.utf8) }

    /// The rules as one text, to be kept.
    package var stored: String { String(decoding: lines, as: UTF8.self) }

    /// The product token by which groups are addressed (§2.2.1), in lowercase: `tidings` of `Tidings/1.0 (+https://…)`. Empty if
    /// the User-Agent does not begin with one: then only the rules for all crawlers apply.
    package static func token(of agent: String) -> String {
        String(decoding: RobotsReading.token(Array(agent.utf8)[...]), as: UTF8.self)
    }

    /// Whether `url` may be asked for: the longest pattern that matches its path and query says so, and of two equally long ones
    /// the one that allows (§2.2.2).
    package func permission(for url: String) -> Permission {
        let uri = URI(url)
        let path = Array((uri.path.utf8.first == UInt8(ascii: "/") ? "" : "/").utf8) + Array(uri.pathAndQuery.utf8)
        let octets = RobotsPattern.normal(path[...], isPattern: false)
        if octets == Array(Self.fileName.utf8) { return .allowed }
        var best: Rule?
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let rule = Rule(line), best.map(rule.precedes) ?? true, RobotsPattern.matches(rule.pattern, octets) else { continue }
            best = rule
        }
        guard let best, !best.allows else { return .allowed }
        return .disallowed(rule: String(decoding: best.pattern, as: UTF8.self), line: best.line)
    }

    /// Where the file is that speaks of `url`; nil if that is no address of the web. Each scheme, host and port has its own
    /// (§2.3).
    package static func address(for url: String) -> String? {
        let uri = URI(url)
        guard let scheme = uri.webScheme, var host = uri.hostAndPort, uri.host != nil else { return nil }
        let port = scheme == "http" ? ":80" : ":443"
        if host.hasSuffix(port) { host.removeLast(port.utf8.count) }
        return "\(scheme)://\(host)\(fileName)"
    }

    private static let fileName = "/robots.txt"
}

private struct Rule {
    let line: Int
    let allows: Bool
    let pattern: ArraySlice<UInt8>

    init?(_ text: ArraySlice<UInt8>) {
        guard let sign = text.firstIndex(where: { !$0.isASCIIDigit }), let line = decimalNumber(text[..<sign]),
            text[sign] == UInt8(ascii: "+") || text[sign] == UInt8(ascii: "-")
        else { return nil }
        self.line = line
        allows = text[sign] == UInt8(ascii: "+")
        pattern = text[(sign + 1)...]
    }

    /// Whether this rule, if it matches, counts more than `other`.
    func precedes(_ other: Rule) -> Bool {
        pattern.count == other.pattern.count ? allows && !other.allows : pattern.count > other.pattern.count
    }
}
