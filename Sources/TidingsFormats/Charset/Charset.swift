import TidingsCore

/// The text of a document in UTF-8, and the charset that it was decoded from.
struct DecodedText: Equatable {
    var utf8: [UInt8]
    /// Lowercase WHATWG or IANA name.
    var charset: String
    var problems: [Problem] = []
    /// Whether neither the declared charset nor UTF-8 fits the bytes.
    var isAssumed: Bool { guess != nil }
    /// Why the charset is a guess: a message for people.
    var guess: String?
}

/// Finds the charset of a document and decodes it.
///
/// The order is that of RFC 7303 §3, with one change that experience demands: a declaration that the bytes contradict
/// is not believed. Byte order mark, then the charset of the HTTP field, then the document's own declaration, then
/// UTF-8, then for a page the charset of its language, then windows-1252, which can be wrong but cannot fail; the last
/// two are guesses, and the document says so. A few bad bytes in a long text are damage and not another charset: they
/// become U+FFFD.
enum Charset {
    /// At most one bad sequence in this many bytes counts as damage.
    private static let bytesPerDamage = 1000

    /// - Parameters:
    ///   - contentType: the HTTP field, of which only the charset parameter is used.
    static func decode(_ bytes: [UInt8], contentType: String?) -> DecodedText {
        if let marked = decodeMarked(bytes) { return marked }
        // The common case first: nothing is declared, and the text is UTF-8.
        let isMarkup = bytes.first { !$0.isXMLSpace } == UInt8(ascii: "<") || contentType != nil
        let declared = [
            contentType.flatMap(parameter(ofContentType:)), isMarkup ? CharsetDeclaration.find(in: bytes) : nil,
        ]
        var names: [String] = []
        for label in declared {
            guard let label, let name = CharsetLabels.name(of: label) else { continue }
            // A document that could be read up to its declaration is not in UTF-16 (WHATWG Encoding, "prescan").
            let plain = name.hasPrefix("utf-16") || name.hasPrefix("utf-32") ? wideName(bytes) ?? "utf-8" : name
            if !names.contains(plain) { names.append(plain) }
        }
        if !names.contains("utf-8") { names.append("utf-8") }

        for name in names {
            if let text = decodeStrictly(bytes, as: name), keepsMarkup(text, bytes) { return text }
        }
        for name in names {
            if let text = decodeDamaged(bytes, as: name), keepsMarkup(text, bytes) { return text }
        }
        let reason =
            names[0] == "utf-8"
            ? "the bytes are not UTF-8, and no charset that fits is declared" : "the bytes are not in \(names[0]), which is declared"
        if isMarkup, let language = CharsetGuess.language(ofPage: bytes), let text = decodeGuessed(bytes, language: language) {
            return DecodedText(
                utf8: text.utf8, charset: text.charset, guess: "\(reason): read as \(text.charset), for the language is \(language)")
        }
        return decodeWindows1252(bytes, reason: reason)
    }

    /// The text in one of the charsets of its language, if every byte has a meaning there.
    private static func decodeGuessed(_ bytes: [UInt8], language: String) -> DecodedText? {
        for name in CharsetGuess.charsets(for: language) {
            guard let text = CharsetConverter.decode(bytes, charset: name, allowedErrors: 0), keepsMarkup(text, bytes),
                !CharsetGuess.hasControls(text.utf8)
            else { continue }
            return text
        }
        return nil
    }

    /// Whether markup that begins with `<` in ASCII still does in `text`: a document whose declaration could be read is
    /// not in EBCDIC, whatever it declares.
    private static func keepsMarkup(_ text: DecodedText, _ bytes: [UInt8]) -> Bool {
        bytes.first { !$0.isXMLSpace } != UInt8(ascii: "<") || text.utf8.first { !$0.isXMLSpace } == UInt8(ascii: "<")
    }

    private static func decodeMarked(_ bytes: [UInt8]) -> DecodedText? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            let rest = Array(bytes.dropFirst(3))
            return decodeStrictly(rest, as: "utf-8") ?? decodeDamaged(rest, as: "utf-8")
        }
        guard let (name, length) = wideMark(bytes) ?? wideName(bytes).map({ ($0, 0) }) else { return nil }
        return CharsetConverter.decode(bytes, from: length, charset: name, allowedErrors: .max)
    }

    private static func wideMark(_ bytes: [UInt8]) -> (String, Int)? {
        if bytes.starts(with: [0x00, 0x00, 0xFE, 0xFF]) { return ("utf-32be", 4) }
        if bytes.starts(with: [0xFF, 0xFE, 0x00, 0x00]) { return ("utf-32le", 4) }
        if bytes.starts(with: [0xFE, 0xFF]) { return ("utf-16be", 2) }
        if bytes.starts(with: [0xFF, 0xFE]) { return ("utf-16le", 2) }
        return nil
    }

    /// The wide charset of a text without a byte order mark, judged by the positions of its NULs: Western text has them
    /// in every second byte, markup in any language in many.
    private static func wideName(_ bytes: [UInt8]) -> String? {
        let sample = bytes.prefix(1024)
        guard sample.count >= 4, bytes.count % 2 == 0, sample.contains(0) else { return nil }
        var zeros = [0, 0, 0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { zeros[index % 4] += 1 }
        let quarter = sample.count / 4
        func mostly(_ position: Int) -> Bool { zeros[position] * 10 >= quarter * 4 }
        func never(_ position: Int) -> Bool { zeros[position] * 20 <= quarter }
        if mostly(0), mostly(1), mostly(2), never(3) { return "utf-32be" }
        if mostly(1), mostly(2), mostly(3), never(0) { return "utf-32le" }
        if mostly(0), mostly(2), never(1), never(3) { return "utf-16be" }
        if mostly(1), mostly(3), never(0), never(2) { return "utf-16le" }
        return nil
    }

    private static func decodeStrictly(_ bytes: [UInt8], as name: String) -> DecodedText? {
        switch name {
        case "utf-8": return isUTF8(bytes) ? DecodedText(utf8: bytes, charset: name) : nil
        case "us-ascii": return bytes.allSatisfy { $0 < 0x80 } ? DecodedText(utf8: bytes, charset: name) : nil
        default:
            if bytes.allSatisfy({ $0 < 0x80 }), CharsetLabels.extendsASCII(name) {
                return DecodedText(utf8: bytes, charset: name)
            }
            return CharsetConverter.decode(bytes, charset: name, allowedErrors: 0)
        }
    }

    private static func decodeDamaged(_ bytes: [UInt8], as name: String) -> DecodedText? {
        switch name {
        case "us-ascii": return nil
        case "utf-8":
            var repaired = UTF8Repair(bytes)
            let text = repaired.run()
            // In text of another charset, hardly any bytes happen to be valid sequences of UTF-8.
            guard repaired.errors * bytesPerDamage <= bytes.count || repaired.errors * 10 <= repaired.sequences else {
                return nil
            }
            return DecodedText(
                utf8: text, charset: name,
                problems: [Problem("\(repaired.errors) byte sequences are not UTF-8 and were replaced")])
        default:
            return CharsetConverter.decode(bytes, charset: name, allowedErrors: bytes.count / bytesPerDamage)
        }
    }

    static func isUTF8(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe UTF8Check($0).isValid }
    }

    /// The charset parameter of a Content-Type field (RFC 9110 §8.3.2).
    private static func parameter(ofContentType field: String) -> String? {
        for parameter in field.split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, String(parts[0]).trimmedOrNil?.lowercased() == "charset" else { continue }
            return String(parts[1].filter { $0 != "\"" && $0 != "'" }).trimmedOrNil
        }
        return nil
    }

    // MARK: windows-1252

    /// The characters of 0x80…0x9F; all others are those of Latin-1 (WHATWG Encoding, index windows-1252).
    static let windows1252: [Unicode.Scalar] = [
        "\u{20AC}", "\u{81}", "\u{201A}", "\u{192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
        "\u{2C6}", "\u{2030}", "\u{160}", "\u{2039}", "\u{152}", "\u{8D}", "\u{17D}", "\u{8F}",
        "\u{90}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
        "\u{2DC}", "\u{2122}", "\u{161}", "\u{203A}", "\u{153}", "\u{9D}", "\u{17E}", "\u{178}",
    ]

    private static func decodeWindows1252(_ bytes: [UInt8], reason: String) -> DecodedText {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
            } else {
                let scalar = byte < 0xA0 ? windows1252[Int(byte - 0x80)] : Unicode.Scalar(byte)
                text += Array(String(scalar).utf8)
            }
        }
        return DecodedText(utf8: text, charset: "windows-1252", guess: "\(reason): read as windows-1252")
    }
}

/// Replaces each bad sequence of UTF-8 by U+FFFD, and counts them.
private struct UTF8Repair {
    private let bytes: [UInt8]
    private(set) var errors = 0
    /// Valid sequences of more than one byte.
    private(set) var sequences = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func run() -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 16)
        var decoder = UTF8()
        var input = bytes.makeIterator()
        while true {
            switch decoder.decode(&input) {
            case .scalarValue(let scalar):
                if scalar.value < 0x80 {
                    text.append(UInt8(scalar.value))
                } else {
                    sequences += 1
                    text += Array(String(scalar).utf8)
                }
            case .error:
                errors += 1
                text += [0xEF, 0xBF, 0xBD]
            case .emptyInput: return text
            }
        }
    }
}
