import TidingsCore

/// Authors written as one string.
enum FeedAuthor {
    /// `mail (Name)`, `Name (mail)`, `Name <mail>`, `mail`, or a name; nil if the text is blank.
    static func parse(_ text: String?) -> Author? {
        guard let text = text?.trimmedOrNil else { return nil }
        guard var author = split(text) else { return nil }
        author.name = author.name.flatMap(plain)
        return author == Author() ? nil : author
    }

    /// Some names are escaped twice, as titles are.
    static func plain(_ name: String) -> String? { FeedText(bytes: Array(name.utf8), kind: .undeclared).title }

    private static func split(_ text: String) -> Author? {
        for (open, close) in [("(", ")"), ("<", ">")] as [(Unicode.Scalar, Unicode.Scalar)] {
            guard text.utf8.last == UInt8(ascii: close), let start = text.utf8.lastIndex(of: UInt8(ascii: open)) else {
                continue
            }
            let outer = String(text[..<start]).trimmedOrNil
            let inner = String(text[text.utf8.index(after: start)...].dropLast()).trimmedOrNil
            if let mail = outer, isMail(mail) { return Author(name: inner, email: withoutScheme(mail)) }
            if let mail = inner, isMail(mail) { return Author(name: outer, email: withoutScheme(mail)) }
        }
        return isMail(text) ? Author(email: withoutScheme(text)) : Author(name: text)
    }

    private static func withoutScheme(_ mail: String) -> String {
        mail.hasPrefix("mailto:") ? String(mail.dropFirst(7)) : mail
    }

    private static func isMail(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(UInt8(ascii: "."))
            && !text.utf8.contains(where: \.isXMLSpace)
    }
}

/// The authors that the elements of one item, or of one feed, name.
struct FeedAuthors {
    /// Authors beyond these are dropped; real items have a few dozen at most.
    static let limit = 256

    private var named: [(author: Author, rank: FeedRank)] = []

    mutating func offer(_ author: Author?, _ rank: FeedRank) {
        guard let author, named.count < Self.limit else { return }
        named.append((author, rank))
    }

    /// First those of the format's own elements, then those of Dublin Core that are not among them. Lower-ranked
    /// elements count only if there are none of these.
    var all: [Author] {
        var authors: [Author] = []
        for rank in [FeedRank.own, .borrowed, .module] {
            for (author, _) in named.lazy.filter({ $0.rank == rank })
            where !authors.contains(where: { $0 == author || ($0.name != nil && $0.name == author.name) }) {
                authors.append(author)
            }
        }
        if !authors.isEmpty { return authors }
        let rest = named.max { $0.rank < $1.rank }?.rank
        return named.first { $0.rank == rest }.map { [$0.author] } ?? []
    }
}

extension XMLReader {
    /// Reads an Atom person (RFC 4287 §3.2). If it has none of a person's elements, its text is read as RSS's `mail
    /// (Name)`.
    mutating func readPerson() -> Author? {
        let depth = depth
        var author = Author()
        var text: [UInt8] = []
        while true {
            switch next() {
            case .start:
                switch name.local {
                case "name": author.name = author.name ?? readString().flatMap(FeedAuthor.plain)
                case "uri", "url", "homepage":
                    let base = base
                    author.url = readString().map { URI.resolve($0, against: base) }
                case "email": author.email = author.email ?? readString()
                default: break
                }
            case .text(let range): append(range, to: &text)
            case .literal(let range): appendLiteral(range, to: &text)
            case .end: if self.depth < depth { return author == Author() ? FeedAuthor.parse(String(trimming: text)) : author }
            case .finish: return nil
            }
        }
    }
}
