import TidingsCore

/// Authors written as one string.
enum FeedAuthor {
    /// `mail (Name)`, `Name (mail)`, `Name <mail>`, `mail`, or a name; nil for nothing.
    static func parse(_ text: String?) -> Author? {
        guard let text = text?.trimmedOrNil else { return nil }
        for (open, close) in [("(", ")"), ("<", ">")] as [(Unicode.Scalar, Unicode.Scalar)] {
            guard let start = text.utf8.lastIndex(of: UInt8(ascii: open)), text.utf8.last == UInt8(ascii: close) else {
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
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(UInt8(ascii: "."))
            && !text.utf8.contains(where: \.isXMLSpace)
    }
}

extension FeedItemDraft {
    /// Adds an author that Dublin Core names, unless the format's own element has named the same.
    mutating func addCreator(_ author: Author?) {
        guard let author, !authors.contains(where: { $0.name == author.name && $0.name != nil }) else { return }
        addAuthor(author)
    }
}

extension XMLReader {
    /// An Atom person (RFC 4287 §3.2); text without elements is taken as the name.
    mutating func readPerson() -> Author? {
        let depth = depth
        var author = Author()
        var text: [UInt8] = []
        while true {
            switch next() {
            case .start:
                switch name.local {
                case "name": author.name = readString()
                case "uri", "url", "homepage":
                    let base = base
                    author.url = readString().map { URLReference.resolve($0, against: base) }
                case "email": author.email = readString()
                default: break
                }
            case .text(let range): if self.depth == depth { append(range, to: &text) }
            case .literal(let range): if self.depth == depth { appendLiteral(range, to: &text) }
            case .end: if self.depth < depth { return author == Author() ? FeedAuthor.parse(String(trimming: text)) : author }
            case .finish: return nil
            }
        }
    }
}
