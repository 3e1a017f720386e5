/// Reads a robots.txt line by line (RFC 9309 §2.2), for one product token.
///
/// The file is read as its writers mean it, where that is clear: a line may lack its colon, and `disallow` may be misspelled. A
/// publisher who did not want to be crawled should not be, because of a letter.
struct RobotsReading {
    /// "The parsing limit MUST be at least 500 kibibytes" (§2.5). What follows is not read.
    static let limitBytes = 500 * 1024
    /// A rule with a longer pattern is passed over: no address that is asked for is as long.
    static let patternLimitBytes = 8 * 1024

    /// The product token, in lowercase; empty if there is none.
    private let token: [UInt8]
    /// The rules of all groups for the token, and of those for every crawler, as `RobotsRules.lines` has them.
    private var own: [UInt8] = []
    private var general: [UInt8] = []
    private var hasOwn = false

    /// Whom the group addresses that is being read.
    private var isOwn = false
    private var isGeneral = false
    /// Whether the group has no rule yet: then a further user-agent line belongs to it.
    private var isHead = false
    private var line = 0

    init(token: String) { self.token = Array(token.utf8) }

    /// The rules that apply. If any group is for the token, those for every crawler do not, even if that group is empty.
    var rules: [UInt8] { hasOwn ? own : general }

    mutating func read(_ bytes: [UInt8]) {
        var rest = bytes.prefix(Self.limitBytes)
        if bytes.count > rest.count {
            // Half a rule would forbid or allow more than the whole.
            rest = rest[..<(rest.lastIndex(where: Self.endsLine) ?? 0)]
        }
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while !rest.isEmpty {
            let text = rest.prefix { !Self.endsLine($0) }
            rest = rest[text.endIndex...]
            // CR LF ends one line.
            rest = rest.dropFirst(rest.starts(with: [0x0D, 0x0A]) ? 2 : 1)
            line += 1
            read(line: text.prefix { $0 != UInt8(ascii: "#") })
        }
    }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private mutating func read(line text: ArraySlice<UInt8>) {
        guard let (name, value) = Self.field(Self.trimmed(text)) else { return }
        switch String(decoding: name.map(\.asciiLowercased), as: UTF8.self) {
        case "user-agent", "useragent", "user agent": beginGroup(for: value)
        case "allow": add(value, allows: true)
        case "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw": add(value, allows: false)
        // Sitemap, Crawl-delay and what else there is "MUST NOT interfere" with the groups (§2.2.4).
        default: break
        }
    }

    private mutating func beginGroup(for agent: ArraySlice<UInt8>) {
        if !isHead { (isOwn, isGeneral) = (false, false) }
        isHead = true
        if agent.first == UInt8(ascii: "*"), agent.dropFirst().first.map(\.isFieldSpace) ?? true { isGeneral = true }
        if !token.isEmpty, Self.token(agent) == token { (isOwn, hasOwn) = (true, true) }
    }

    private mutating func add(_ pattern: ArraySlice<UInt8>, allows: Bool) {
        isHead = false
        // An empty pattern matches nothing. One that begins neither with `/` nor with `*` cannot match a path.
        guard isOwn || isGeneral, let first = pattern.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "*"),
            pattern.count <= Self.patternLimitBytes
        else { return }
        let rule = Array("\(line)\(allows ? "+" : "-")".utf8) + RobotsPattern.normal(pattern, isPattern: true) + [UInt8(ascii: "\n")]
        if isOwn { own += rule }
        if isGeneral { general += rule }
    }

    /// The name and the value of a line; nil if it has not both. Without a colon there must be two words and no more.
    private static func field(_ line: ArraySlice<UInt8>) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        guard let mark = colon ?? line.firstIndex(where: \.isFieldSpace) else { return nil }
        let value = trimmed(line[(mark + 1)...])
        if colon == nil, value.contains(where: \.isFieldSpace) { return nil }
        return (trimmed(line[..<mark]), value)
    }

    /// The product token that `agent` begins with, in lowercase: letters, `-` and `_` (§2.2.1). Writers add a version, which does
    /// not count.
    static func token(_ agent: ArraySlice<UInt8>) -> [UInt8] {
        agent.prefix { $0.isASCIILetter || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }.map(\.asciiLowercased)
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let rest = text.drop(while: \.isFieldSpace)
        guard let last = rest.lastIndex(where: { !$0.isFieldSpace }) else { return [] }
        return rest[...last]
    }
}
