/// Writes HTML and XML in which nothing that comes from outside can become markup.
///
/// There are three ways to write, and no fourth: `text` and the values of attributes, which are escaped here; and the names of elements
/// and attributes, which are `StaticString`s and thus stand in our own source. What is written is well-formed XML, whatever it says, and
/// HTML as well: elements without content are closed by `/>`, which HTML ignores (WHATWG HTML §13.1.2.1).
struct MarkupWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// For what stands before the first element: `<!DOCTYPE html>`, `<?xml … ?>`.
    mutating func declaration(_ markup: StaticString) {
        put(markup)
        bytes.append(0x0A)
    }

    /// Appends `text`, escaped.
    mutating func text(_ text: String) { putEscaped(text) }

    mutating func element(_ name: StaticString, _ attributes: Attribute..., content: (inout MarkupWriter) -> Void) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    mutating func element(_ name: StaticString, _ attributes: Attribute..., text: String) {
        open(name, attributes)
        putEscaped(text)
        close(name)
    }

    /// The element, unless there is no text for it.
    mutating func element(_ name: StaticString, _ attributes: Attribute..., text: String?) {
        guard let text else { return }
        open(name, attributes)
        putEscaped(text)
        close(name)
    }

    /// An element that has no content and, in HTML, may have none: `<meta …/>`, `<input …/>`, and all of SVG and XML.
    mutating func empty(_ name: StaticString, _ attributes: Attribute...) {
        putTag(name, attributes)
        put("/>")
    }

    /// Appends what another writer has written.
    mutating func append(_ other: MarkupWriter) { bytes += other.bytes }

    private mutating func open(_ name: StaticString, _ attributes: [Attribute]) {
        putTag(name, attributes)
        put(">")
    }

    private mutating func close(_ name: StaticString) {
        put("</")
        put(name)
        put(">")
    }

    private mutating func putTag(_ name: StaticString, _ attributes: [Attribute]) {
        put("<")
        put(name)
        for attribute in attributes {
            guard let value = attribute.value else { continue }
            put(" ")
            put(attribute.name)
            put("=\"")
            putEscaped(value)
            put("\"")
        }
    }

    private mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func putEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): put("&amp;")
            case UInt8(ascii: "<"): put("&lt;")
            case UInt8(ascii: ">"): put("&gt;")
            case UInt8(ascii: "\""): put("&quot;")
            case UInt8(ascii: "'"): put("&#39;")
            // XML has no way to write these (XML 1.0 §2.2, Char).
            case 0...0x08, 0x0B, 0x0C, 0x0E...0x1F: put("\u{FFFD}")
            // A line end of XML's and HTML's readers, which would make a newline of it.
            case 0x0D: put("&#13;")
            // The ends of U+FFFE and U+FFFF, which XML does not have either.
            case 0xBE, 0xBF: bytes.append(bytes.suffix(2) == [0xEF, 0xBF] ? 0xBD : byte)
            default: bytes.append(byte)
            }
        }
    }
}

/// An attribute of an element. One without a value is left out.
struct Attribute {
    fileprivate let name: StaticString
    fileprivate let value: String?

    private init(_ name: StaticString, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// Attributes that a value from outside can make do something have functions of their own, below.
    static func named(_ name: StaticString, _ value: String?) -> Attribute {
        precondition(!name.doesSomething, "\(name) has a function of its own")
        return Attribute(name, value)
    }

    static func named(_ name: StaticString, _ value: Int) -> Attribute { named(name, String(value)) }

    static func `class`(_ names: String?) -> Attribute { Attribute("class", names) }
    static func id(_ name: String) -> Attribute { Attribute("id", name) }
    static func name(_ name: String) -> Attribute { Attribute("name", name) }
    static func href(_ path: PagePath) -> Attribute { Attribute("href", path.text) }
    static func src(_ path: PagePath) -> Attribute { Attribute("src", path.text) }
    static func action(_ path: PagePath) -> Attribute { Attribute("action", path.text) }
    /// A link that leads out of the page; none where it is not sure where it leads.
    static func outside(_ address: OutsideAddress) -> Attribute { Attribute("href", address.href) }
    /// The same in Atom, where the address of this server stands before it.
    static func href(_ path: PagePath, below base: String) -> Attribute { Attribute("href", base + path.text) }
    static func href(fragment: StaticString) -> Attribute { Attribute("href", "#\(fragment)") }
    /// An attribute that says something by being there (`checked`, `selected`).
    static func flag(_ name: StaticString, _ isSet: Bool) -> Attribute { named(name, isSet ? "\(name)" : nil) }
}

extension StaticString {
    /// Whether an attribute of this name can run a script or load something.
    fileprivate var doesSomething: Bool {
        let name = description
        return name.hasPrefix("on") || ["href", "src", "action", "formaction", "style", "srcdoc", "xlink:href", "ping"].contains(name)
    }
}
