import TidingsCore

/// The name of an element, of at most 15 letters and digits, in two words: its bytes in lowercase, and their count.
struct SimpleHTMLName: Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    var count: Int { Int(high >> 56) }

    /// The name that starts at `start` and ends before white space, `/` or `>`; nil for any other.
    init?(_ html: [UInt8], at start: Int) {
        let span = html.span
        var position = start
        while position < span.count {
            let byte = span[position]
            guard byte.isASCIILetter || byte.isASCIIDigit else { break }
            guard position - start < 15 else { return nil }
            let index = UInt64(position - start)
            let value = UInt64(byte.asciiLowercased)
            if index < 8 { low |= value << (index * 8) } else { high |= value << ((index - 8) * 8) }
            position += 1
        }
        guard position > start, position < span.count, span[start].isASCIILetter,
            span[position].isXMLSpace || span[position] == UInt8(ascii: ">") || span[position] == UInt8(ascii: "/")
        else { return nil }
        high |= UInt64(position - start) << 56
    }

    /// Its slot in `Roles`, by multiplicative hashing.
    fileprivate var slot: Int { Int(truncatingIfNeeded: ((low ^ high) &* 0x9E37_79B9_7F4A_7C15) >> 55) }

    static let roles = Roles()

    /// The roles of the simple names: a table of 512 slots, because every tag is looked up in it.
    struct Roles: Sendable {
        private var names = [SimpleHTMLName?](repeating: nil, count: 512)
        private var roles = [SimpleHTML.Role](repeating: .unknown, count: 512)

        fileprivate init() {
            let lists: [(SimpleHTML.Role, String)] = [
                (.phrase, "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span"),
                (.phrase, "strike strong time tt u var"),
                (.image, "img"), (.lineBreak, "br"), (.rule, "hr"),
                (.container, "div section article header footer main aside blockquote figure"),
                (.paragraph, "p h1 h2 h3 h4 h5 h6 figcaption"),
                (.list, "ul ol"), (.listItem, "li"),
                (.table, "table"), (.rowGroup, "tbody thead tfoot"), (.row, "tr"), (.cell, "td th"),
            ]
            for (role, line) in lists {
                for name in line.split(separator: " ").compactMap({ SimpleHTMLName(Array("\($0)>".utf8), at: 0) }) {
                    var slot = name.slot
                    while names[slot] != nil { slot = (slot + 1) & 511 }
                    names[slot] = name
                    roles[slot] = role
                }
            }
        }

        subscript(_ name: SimpleHTMLName) -> SimpleHTML.Role {
            var slot = name.slot
            while let here = names[slot] {
                if here == name { return roles[slot] }
                slot = (slot + 1) & 511
            }
            return .unknown
        }
    }
}
