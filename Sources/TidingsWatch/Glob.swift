/// A pattern for paths, compiled once and matched on bytes.
///
/// `*` stands for any run of bytes without a `/`, `?` for one character that is no `/`, `[a-z]` and `[!a-z]` for one byte. `**`
/// as a whole part stands for any number of parts. `\` takes the next byte as it is. As in gitignore(5), a pattern without `/`
/// is for the name alone, at any depth, and a `/` at the start only ties the pattern to the root. A `/` at the end means all
/// that lies below.
struct Glob: Sendable {
    /// Longer patterns are refused: a path has at most 4,096 bytes.
    static let limitBytes = 4_096

    private enum Token: Sendable {
        case byte(UInt8)
        case oneCharacter
        case oneOf(ByteSet)
        case anyInPart
        /// `**/` at the start of a part.
        case anyParts
        /// `**` at the end.
        case anyRest
    }

    private var tokens: [Token] = []

    /// Whether every path matches.
    private(set) var matchesAll = false

    init(_ pattern: String) throws(GlobError) {
        var bytes = Array(pattern.utf8)
        guard !bytes.isEmpty, bytes != [slash] else { throw GlobError(pattern: pattern, problem: "is empty") }
        guard bytes.count <= Self.limitBytes else {
            throw GlobError(pattern: pattern, problem: "is longer than \(Self.limitBytes) bytes")
        }
        guard !bytes.contains(0) else { throw GlobError(pattern: pattern, problem: "holds a NUL, which no path does") }
        if bytes.last == slash { bytes += Array("**".utf8) }
        if bytes.first == slash {
            bytes.removeFirst()
        } else if !bytes.contains(slash), bytes != Array("**".utf8) {
            tokens.append(.anyParts)
        }
        try compile(bytes, pattern)
        switch (tokens.first, tokens.dropFirst().first, tokens.count) {
        case (.anyRest, nil, 1), (.anyParts, .anyInPart, 2), (.anyParts, .anyRest, 2): matchesAll = true
        default: break
        }
    }

    private mutating func compile(_ bytes: [UInt8], _ pattern: String) throws(GlobError) {
        var position = 0
        while position < bytes.count {
            let startsPart = position == 0 || bytes[position - 1] == slash
            switch bytes[position] {
            case UInt8(ascii: "*"):
                let end = bytes[position...].firstIndex { $0 != UInt8(ascii: "*") } ?? bytes.count
                let isWholePart = startsPart && end - position == 2 && (end == bytes.count || bytes[end] == slash)
                tokens.append(!isWholePart ? .anyInPart : end == bytes.count ? .anyRest : .anyParts)
                position = isWholePart ? end + 1 : end
            case UInt8(ascii: "?"):
                tokens.append(.oneCharacter)
                position += 1
            case UInt8(ascii: "["):
                guard let (set, end) = ByteSet.compile(bytes, after: position) else {
                    throw GlobError(pattern: pattern, problem: "has a [ without its ]; write \\[ for the character")
                }
                tokens.append(.oneOf(set))
                position = end
            case UInt8(ascii: "\\"):
                guard position + 1 < bytes.count else {
                    throw GlobError(pattern: pattern, problem: "ends in a \\; write \\\\ for the character")
                }
                tokens.append(.byte(bytes[position + 1]))
                position += 2
            case let byte:
                tokens.append(.byte(byte))
                position += 1
            }
        }
    }

    /// Whether the whole of `path` matches.
    ///
    /// On a mismatch the last `*` takes one byte more, or, if the next byte is a `/`, the last `**` takes one part more. Earlier
    /// wildcards need not be tried again: whatever an earlier one could take, the later one of its kind can take as well. So the
    /// time is at most quadratic in the length, never exponential.
    func matches(_ path: RawPath) -> Bool {
        if matchesAll { return true }
        var token = 0
        var position = 0
        var star: (token: Int, position: Int)?
        var parts: (token: Int, position: Int)?
        while true {
            if token == tokens.count {
                if position == path.count { return true }
            } else {
                switch tokens[token] {
                case .anyRest:
                    return position < path.count
                case .anyParts:
                    token += 1
                    parts = (token, position)
                    star = nil
                    continue
                case .anyInPart:
                    token += 1
                    star = (token, position)
                    continue
                case .byte(let byte):
                    if position < path.count, path[position] == byte {
                        token += 1
                        position += 1
                        continue
                    }
                case .oneOf(let set):
                    if position < path.count, path[position] != slash, set.contains(path[position]) {
                        token += 1
                        position += 1
                        continue
                    }
                case .oneCharacter:
                    if position < path.count, path[position] != slash {
                        token += 1
                        position += 1
                        // The other bytes of a character in UTF-8 are 10xxxxxx (RFC 3629 §3).
                        while position < path.count, path[position] & 0xC0 == 0x80 { position += 1 }
                        continue
                    }
                }
            }
            if let last = star, last.position < path.count, path[last.position] != slash {
                star = (last.token, last.position + 1)
                (token, position) = (last.token, last.position + 1)
            } else if let last = parts, let next = path[last.position...].firstIndex(of: slash) {
                parts = (last.token, next + 1)
                star = nil
                (token, position) = (last.token, next + 1)
            } else {
                return false
            }
        }
    }
}

/// Why a pattern is refused, for the person who wrote it.
package struct GlobError: Error, Equatable, Sendable, CustomStringConvertible {
    package let pattern: String
    package let problem: String
    package var description: String { "the pattern '\(pattern)' \(problem)" }
}

/// The bytes between `[` and `]`.
private struct ByteSet: Sendable {
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var isNegated = false

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: bits.0
            case 1: bits.1
            case 2: bits.2
            default: bits.3
            }
        return (word >> UInt64(byte & 63) & 1 == 1) != isNegated
    }

    private mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: bits.0 |= bit
        case 1: bits.1 |= bit
        case 2: bits.2 |= bit
        default: bits.3 |= bit
        }
    }

    /// The set that opens at `start`, and where the pattern goes on; nil if it does not end. A `]` that comes first
    /// is a member (glob(7)).
    static func compile(_ bytes: [UInt8], after start: Int) -> (set: ByteSet, end: Int)? {
        var set = ByteSet()
        var position = start + 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "!") || bytes[position] == UInt8(ascii: "^") {
            set.isNegated = true
            position += 1
        }
        let first = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "]"), position > first { return (set, position + 1) }
            if position + 2 < bytes.count, bytes[position + 1] == UInt8(ascii: "-"),
                bytes[position + 2] != UInt8(ascii: "]")
            {
                if byte <= bytes[position + 2] { for member in byte...bytes[position + 2] { set.insert(member) } }
                position += 3
            } else {
                set.insert(byte)
                position += 1
            }
        }
        return nil
    }
}
