import TidingsCore

/// What a document declares about its own charset.
enum CharsetDeclaration {
    /// How far to search for a declaration. HTML's prescan reads 1024 bytes (WHATWG HTML §13.2.3.2), but a browser also
    /// believes a later `meta`; pages with long comments or scripts at their start need that.
    static let prescanBytes = 16 * 1024

    /// The label in the XML declaration or in an HTML `meta`, as written.
    static func find(in bytes: [UInt8]) -> String? {
        let head = bytes.count > prescanBytes ? Array(bytes[..<prescanBytes]) : bytes
        // Many feeds have white space or junk before the declaration, where XML forbids it. In a page, a later one is that
        // of a picture.
        if let start = head.position(of: "<?xml", from: 0), let label = xmlLabel(head, from: start) {
            let document = DocumentStart(head)
            if start == document.position || !document.isWholePage { return label }
        }
        return metaLabel(head)
    }

    private static func xmlLabel(_ head: [UInt8], from start: Int) -> String? {
        let end = head.position(of: UInt8(ascii: ">"), from: start) ?? head.count
        guard let name = head.positionIgnoringCase(of: "encoding", in: start..<end) else { return nil }
        return value(head, from: name + 8, end: end)
    }

    /// The prescan of HTML: skips comments and tags, attribute by attribute, up to a `meta` with either `charset`, or
    /// `content` beside an `http-equiv` of Content-Type. An unknown label does not end the search.
    private static func metaLabel(_ head: [UInt8]) -> String? {
        var index = 0
        while let open = head.position(of: UInt8(ascii: "<"), from: index) {
            if head.starts(with: "<!--", at: open) {
                guard let end = head.position(of: "-->", from: open + 2) else { return nil }
                index = end + 3
            } else if head.startsIgnoringCase(with: "<meta", at: open), open + 5 < head.count,
                head[open + 5].isXMLSpace || head[open + 5] == UInt8(ascii: "/")
            {
                index = open + 5
                let attributes = attributes(head, from: &index)
                if let label = label(of: attributes), CharsetLabels.isKnown(label) { return label }
            } else if open + 1 < head.count, head[open + 1].isASCIILetter || head[open + 1] == UInt8(ascii: "/") {
                // A `meta` inside an attribute's value is text.
                index = open + 1
                while index < head.count, !head[index].isXMLSpace, head[index] != UInt8(ascii: ">") { index += 1 }
                _ = attributes(head, from: &index)
            } else {
                index = open + 1
            }
        }
        return nil
    }

    private static func label(of attributes: [(name: String, value: [UInt8])]) -> String? {
        func value(_ name: String) -> [UInt8]? { attributes.first { $0.name == name }?.value }
        if let charset = value("charset") { return String(trimming: charset) }
        guard let pragma = value("http-equiv"), String(trimming: pragma)?.lowercased() == "content-type",
            let content = value("content"),
            let position = content.positionIgnoringCase(of: "charset", in: 0..<content.count)
        else { return nil }
        return Self.value(content, from: position + 7, end: content.count)
    }

    /// The attributes of the tag that contains `index`; `index` moves to the tag's end. None if the tag does not end.
    static func attributes(_ head: [UInt8], from index: inout Int) -> [(name: String, value: [UInt8])] {
        var found: [(name: String, value: [UInt8])] = []
        while true {
            while index < head.count, head[index].isXMLSpace || head[index] == UInt8(ascii: "/") { index += 1 }
            guard index < head.count else { return [] }
            if head[index] == UInt8(ascii: ">") { return found }
            let start = index
            // A name may begin with `=`; reading it always moves forward (WHATWG HTML §13.2.3.2, "get an attribute").
            index += 1
            while index < head.count, !head[index].isXMLSpace, head[index] != UInt8(ascii: "="),
                head[index] != UInt8(ascii: ">"), head[index] != UInt8(ascii: "/")
            {
                index += 1
            }
            let name = String(decoding: head[start..<index].lazy.map(\.asciiLowercased), as: UTF8.self)
            while index < head.count, head[index].isXMLSpace { index += 1 }
            guard index < head.count, head[index] == UInt8(ascii: "=") else {
                found.append((name, []))
                continue
            }
            index += 1
            while index < head.count, head[index].isXMLSpace { index += 1 }
            guard index < head.count else { return [] }
            found.append((name, attributeValue(head, from: &index)))
        }
    }

    private static func attributeValue(_ head: [UInt8], from index: inout Int) -> [UInt8] {
        let quote = head[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = index + 1
            let end = head.position(of: quote, from: start) ?? head.count
            index = min(end + 1, head.count)
            return Array(head[start..<end])
        }
        let start = index
        while index < head.count, !head[index].isXMLSpace, head[index] != UInt8(ascii: ">") { index += 1 }
        return Array(head[start..<index])
    }

    /// The value after `=`, with or without quotes.
    private static func value(_ head: [UInt8], from start: Int, end: Int) -> String? {
        var index = start
        while index < end, head[index].isXMLSpace { index += 1 }
        guard index < end, head[index] == UInt8(ascii: "=") else { return nil }
        index += 1
        while index < end, head[index].isXMLSpace { index += 1 }
        while index < end, head[index] == UInt8(ascii: "\"") || head[index] == UInt8(ascii: "'") { index += 1 }
        let first = index
        while index < end, isLabel(head[index]) { index += 1 }
        return index > first ? String(decoding: head[first..<index], as: UTF8.self) : nil
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
