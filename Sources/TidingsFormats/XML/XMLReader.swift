import TidingsCore

/// XML (1.0, with namespaces) as events that the caller pulls, for documents as they are and not as they should be.
///
/// Feeds break XML's rules again and again in a few ways: unescaped `&`, entities of HTML, control characters, missing
/// and crossed end tags, junk around the document, an end in the middle. A conforming parser must stop there, and
/// libxml2's recovery drops every reference after the first error and closes the wrong element on a stray end tag: both
/// change what an article says. So this reader repairs the document while it reads, reports each repair in `problems`,
/// and counts a document as truncated only if it ends inside an element.
///
/// It never reads a DTD (declarations are skipped), expands an entity other than the predefined ones and those of HTML,
/// or opens a file or a connection. Each byte is examined a fixed number of times, and only the open elements are kept.
struct XMLReader {
    /// How deep elements may be nested. Real feeds with XHTML in them stay below 40. The tags of deeper ones are skipped, so that what is
    /// in them is in the element at this depth: one item with hundreds of `<br>` must not cost those behind it.
    static let depthLimit = 256
    /// Attributes of one element; further ones are dropped.
    static let attributeLimit = 256
    /// Namespaces that are in scope at once; further ones are unknown.
    static let bindingLimit = 256

    enum Event: Equatable {
        case start
        case end
        /// Text whose references `append` still has to decode.
        case text(Range<Int>)
        /// Text in which `&` is an ordinary character.
        case literal(Range<Int>)
        case finish
    }

    let bytes: [UInt8]
    private(set) var position = 0
    var problems = ProblemLog()
    /// Whether the document ended inside an element.
    private(set) var isTruncated = false
    /// Whether something had to be repaired.
    private(set) var isMalformed = false

    /// Name and attributes of the start tag that was read last.
    var name = XMLName(namespace: .other, local: "")
    var namespaceURI = ""
    private(set) var attributes: [XMLAttribute] = []

    struct Frame {
        /// The name as the start tag spells it, prefix included.
        var qualifiedName: Range<Int>
        var role: FeedRole
        /// How many bindings and contexts there were before this element.
        var bindingCount: Int
        var contextCount: Int
    }
    /// xml:base, resolved against the outer ones, and xml:lang. They are not part of the frames: hardly any element has
    /// one, and copying two strings for each element costs more than the rest of its frame.
    private struct Context {
        var base: String?
        var language: String?
    }
    struct Binding {
        var prefix: String
        var uri: String
        var namespace: XMLNamespace
    }
    /// An element's name that was resolved before: a feed has few names, each of them thousands of times.
    struct KnownName {
        var spelling: Range<Int>
        var epoch: Int
        var name: XMLName
        var namespaceURI: String
        var role: FeedRole
    }
    var frames: [Frame] = []
    private var contexts: [Context] = []
    var bindings: [Binding] = []
    /// Rises when `bindings` changes.
    var bindingEpoch = 0
    /// Whether the document is a feed, whose elements close what was left open (`XMLReader+Placement`).
    var isFeed = false
    /// How many bytes may still be examined ahead, to learn whether an element is closed.
    var lookAheadLeft: Int
    /// What Atom text without a type is, if the document's format says so.
    var untypedText: FeedText.Kind?
    var knownNames = [KnownName?](repeating: nil, count: 64)
    /// What the caller wants of the items in the document.
    let hints: DocumentHints
    /// End events still to be delivered: for `<a/>`, and for elements that an outer end tag closes.
    private var owedEnds = 0
    private var rootWasClosed = false
    // Lines are counted onward from the last problem, so that counting never costs more than one pass.
    private var countedTo = 0
    private var line = 1

    /// - Parameters:
    ///   - start: where the document begins, after anything that does not belong to it.
    ///   - hints: their `baseURL` is the document's address, which xml:base is relative to.
    init(_ bytes: [UInt8], from start: Int = 0, hints: DocumentHints) {
        self.bytes = bytes
        self.hints = hints
        lookAheadLeft = bytes.count * 4
        position = start
        if start > 0 { report("text before the first element", at: 0) }
    }

    /// How many elements are open, including the one that has just started.
    var depth: Int { frames.count }
    var base: String? { contexts.last?.base ?? hints.baseURL }
    var language: String? { contexts.last?.language }
    /// The namespace of names without a prefix; empty if none is declared.
    var defaultNamespace: String { bindings.last { $0.prefix.isEmpty }?.uri ?? "" }

    mutating func report(_ message: String, at index: Int? = nil) {
        isMalformed = true
        guard !problems.isFull else { return problems.add(Problem("")) }
        let end = min(index ?? position, bytes.count)
        while countedTo < end {
            if bytes[countedTo] == UInt8(ascii: "\n") { line += 1 }
            countedTo += 1
        }
        problems.add(Problem(message, line: line))
    }

    // MARK: Events

    mutating func next() -> Event {
        if owedEnds > 0 { return close() }
        while position < bytes.count, !rootWasClosed {
            guard bytes[position] == UInt8(ascii: "<") else {
                let start = position
                position = bytes.position(of: UInt8(ascii: "<"), from: start) ?? bytes.count
                if frames.isEmpty {
                    if bytes[start..<position].contains(where: { !$0.isXMLSpace }) {
                        report("text before the first element", at: start)
                    }
                    continue
                }
                return .text(start..<position)
            }
            let second = position + 1 < bytes.count ? bytes[position + 1] : 0
            if second == UInt8(ascii: "/") {
                if endTag() { return close() }
            } else if second == UInt8(ascii: "!") {
                if let literal = declaration() { return .literal(literal) }
            } else if second == UInt8(ascii: "?") {
                position = bytes.position(of: UInt8(ascii: ">"), from: position).map { $0 + 1 } ?? bytes.count
            } else if startsName(second) {
                if let event = startTag() { return event }
            } else {
                if position + 1 >= bytes.count { break }
                report("'<' that opens no tag")
                position += 1
                if !frames.isEmpty { return .literal(position - 1..<position) }
            }
        }
        if !rootWasClosed, !isTruncated {
            isTruncated = true
            if let frame = frames.last {
                report("the document ends inside <\(spelled(frame.qualifiedName))>", at: bytes.count)
            }
        }
        return .finish
    }

    /// Ends the innermost element.
    private mutating func close() -> Event {
        owedEnds = max(owedEnds - 1, 0)
        if let frame = frames.popLast() {
            if frame.bindingCount < bindings.count {
                bindings.removeLast(bindings.count - frame.bindingCount)
                bindingEpoch += 1
            }
            contexts.removeLast(contexts.count - frame.contextCount)
        }
        rootWasClosed = frames.isEmpty
        return .end
    }

    /// Reads `<!-- -->`, `<![CDATA[ ]]>` (whose text is returned) or `<!DOCTYPE >`.
    private mutating func declaration() -> Range<Int>? {
        if bytes.starts(with: "<!--", at: position) {
            position = bytes.position(of: "-->", from: position + 4).map { $0 + 3 } ?? bytes.count
            return nil
        }
        if bytes.startsIgnoringCase(with: "<![cdata[", at: position) {
            let start = position + 9
            guard let end = bytes.position(of: "]]>", from: start) else {
                position = bytes.count
                return nil
            }
            position = end + 3
            return start..<end
        }
        skipDocumentType()
        return nil
    }

    /// Skips a document type declaration with its internal subset. Nothing in it is used.
    private mutating func skipDocumentType() {
        var inSubset = false
        var quote: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "<"), bytes.starts(with: "!--", at: position) {
                position = bytes.position(of: "-->", from: position).map { $0 + 3 } ?? bytes.count
            } else if byte == UInt8(ascii: "[") {
                inSubset = true
            } else if byte == UInt8(ascii: "]") {
                inSubset = false
            } else if byte == UInt8(ascii: ">"), !inSubset {
                return
            }
        }
    }

    // MARK: Tags

    func startsName(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || byte >= 0x80
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position].isXMLSpace { position += 1 }
    }

    private mutating func scanName() -> Range<Int> {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: "/"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "<"),
                UInt8(ascii: "\""), UInt8(ascii: "'"):
                return start..<position
            default: position += 1
            }
        }
        return start..<position
    }

    /// Reads an end tag. Returns whether it closes an element; elements left open inside that one are closed with it.
    private mutating func endTag() -> Bool {
        let start = position
        position += 2
        let name = scanName()
        guard let end = bytes.position(of: UInt8(ascii: ">"), from: position) else {
            position = bytes.count
            return false
        }
        position = end + 1
        guard let index = frames.lastIndex(where: { sameName($0.qualifiedName, name) }) else {
            report("end tag </\(spelled(name))> without a start tag", at: start)
            return false
        }
        owedEnds = frames.count - index
        if owedEnds > 1, let open = frames.last {
            report("<\(spelled(open.qualifiedName))> is not closed before </\(spelled(name))>", at: start)
        }
        return true
    }

    func sameName(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count
        where bytes[left.lowerBound + offset].asciiLowercased != bytes[right.lowerBound + offset].asciiLowercased {
            return false
        }
        return true
    }

    /// A name for a message: short, and harmless on a terminal.
    func spelled(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].prefix(40).filter { $0 > 0x20 && $0 != 0x7F }, as: UTF8.self)
    }

    /// Reads a start tag. Nil if the document ends in it, or if it is skipped; an end if the tag shows that the innermost element should have
    /// been closed before it, which is read again then.
    private mutating func startTag() -> Event? {
        let start = position
        position += 1
        let qualifiedName = scanName()
        if isFeed, let parent = frames.last, mayImplyEnds(qualifiedName, in: parent.role) {
            let role = resolveElement(qualifiedName)
            let count = countOfImpliedEnds(before: role, spelled: qualifiedName, at: start)
            if count > 0 {
                position = start
                owedEnds = count
                return close()
            }
        }
        var raw: [(name: Range<Int>, value: String)] = []
        var isEmpty = false
        let bindingCount = bindings.count
        scan: while true {
            skipSpace()
            guard position < bytes.count else { return nil }
            switch bytes[position] {
            case UInt8(ascii: ">"):
                position += 1
                break scan
            case UInt8(ascii: "/"):
                position += 1
                isEmpty = position < bytes.count && bytes[position] == UInt8(ascii: ">")
            case UInt8(ascii: "<"):
                report("'<' inside a tag", at: start)
                break scan
            default:
                guard let attribute = attribute() else { return nil }
                if raw.count < Self.attributeLimit { raw.append(attribute) }
            }
        }
        guard frames.count < Self.depthLimit else {
            report("elements are nested deeper than \(Self.depthLimit)", at: start)
            return nil
        }
        bind(raw)
        let role = resolveElement(qualifiedName)
        frames.append(
            Frame(qualifiedName: qualifiedName, role: role, bindingCount: bindingCount, contextCount: contexts.count))
        let outerBase = raw.isEmpty ? nil : base
        attributes.removeAll(keepingCapacity: true)
        for (rawName, value) in raw where !bytes.starts(with: "xmlns", at: rawName.lowerBound) {
            let name = resolved(rawName, isAttribute: true)
            if name.namespace == .xml { enterContext(name.local, value, outerBase: outerBase) }
            attributes.append(XMLAttribute(name: name, value: value))
        }
        if isEmpty { owedEnds = 1 }
        return .start
    }

    /// Reads xml:base or xml:lang of the element whose frame is the last.
    private mutating func enterContext(_ local: String, _ value: String, outerBase: String?) {
        switch local {
        case "base": contexts.append(Context(base: URI.resolve(value, against: outerBase), language: language))
        case "lang": contexts.append(Context(base: base, language: value))
        default: break
        }
    }

    /// Reads one attribute; nil if the document ends in it. Values without quotes, and names without values, are read
    /// as HTML reads them.
    private mutating func attribute() -> (name: Range<Int>, value: String)? {
        var name = scanName()
        if name.isEmpty {
            // A quote or equals sign instead of a name is skipped as one character, so that the scan moves on.
            position += 1
            name = position..<position
        }
        skipSpace()
        guard position < bytes.count else { return nil }
        guard bytes[position] == UInt8(ascii: "=") else { return (name, "") }
        position += 1
        skipSpace()
        guard position < bytes.count else { return nil }
        let quote = bytes[position]
        var value: [UInt8] = []
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            guard let end = bytes.position(of: quote, from: position + 1) else {
                position = bytes.count
                return nil
            }
            append(position + 1..<end, to: &value)
            position = end + 1
        } else {
            let start = position
            while position < bytes.count, !bytes[position].isXMLSpace, bytes[position] != UInt8(ascii: ">") { position += 1 }
            report("attribute value without quotes", at: start)
            append(start..<position, to: &value)
        }
        return (name, String(decoding: value, as: UTF8.self))
    }

    // MARK: Several documents

    /// Goes on at `start`, where another document begins behind the end of one.
    mutating func restart(at start: Int) {
        position = start
        rootWasClosed = false
        bindings.removeAll()
        bindingEpoch += 1
    }
}
