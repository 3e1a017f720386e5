import TidingsCore

/// What the program of a command sink says on its standard output, one JSON object a line.
enum CommandWord: Equatable {
    /// Its first line: up to which change of which stream it has everything; nil if it has nothing.
    /// - Parameter keepSeconds: how long a change is to be kept after it was confirmed; nil for no longer than that.
    case has(Position?, keepSeconds: Int64? = nil)
    /// Everything that it was given, up to this change, is safe.
    case confirmed(Int64)

    struct Position: Equatable {
        /// A stream id, with or without the `urn:uuid:` that lines have before it.
        let stream: String
        let after: Int64
    }

    /// A longer line is none that a program should say.
    static let limitBytes = 64 << 10

    /// - Parameter line: without its line end.
    /// - Returns: nil if it is none of these.
    init?(_ line: [UInt8], isFirst: Bool) {
        guard let json = JSONTree(line), json.isObject else { return nil }
        guard isFirst else {
            guard let number = Self.number(json["confirmed"]) else { return nil }
            self = .confirmed(number)
            return
        }
        let keep = json["keep"].map(Self.number)
        if case .some(nil) = keep { return nil }
        let keepSeconds = keep ?? nil
        switch (json["stream"], json["after"]) {
        case (nil, nil): self = .has(nil, keepSeconds: keepSeconds)
        case (let stream?, let after):
            guard let stream = stream.string, let after = Self.number(after) else { return nil }
            let start = "urn:uuid:"
            let id = stream.hasPrefix(start) ? String(stream.dropFirst(start.count)) : stream
            self = .has(Position(stream: id, after: after), keepSeconds: keepSeconds)
        case (nil, _?): return nil
        }
    }

    /// A number, or a string of digits, as `id` and `sequence` are.
    private static func number(_ json: JSONTree?) -> Int64? {
        json?.text.flatMap { decimalNumber($0.utf8) }.map(Int64.init)
    }
}
