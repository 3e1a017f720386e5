import CMarkup

/// Small text above or below the line. Without its height a number would be another: 10 to the 6th is not 106.
///
/// What has raised characters in Unicode is written with them; other formulas as `^(…)` and `_(…)`. Letters that only
/// look smaller (`1st`, `Mlle`, ™) stay as they are, and so do marks of notes, in brackets: `[1]` is no exponent.
struct RaisedText {
    let text: String
    /// The node after what has been read: more than the element, if it is the first half of a fraction.
    let end: Int
    /// Whether space follows within the element.
    let endsWithSpace: Bool

    /// Nil if the text of the `<sup>` or `<sub>` at `node` is to be written as it is.
    /// - Parameter base: the byte directly before it.
    init?(_ nodes: HTMLNodes, _ node: Int, after base: UInt8?) {
        let range = nodes.subtree(node)
        guard range.count <= Self.nodeLimit, let content = Self.content(of: node, nodes) else { return nil }
        endsWithSpace = range.last.map { nodes.tag($0) == TIDINGS_HTML_TEXT && nodes.bytes[nodes.textRange($0)].last ?? 0 == 0x20 } ?? false
        if nodes.tag(node) == TIDINGS_HTML_SUP, Self.isNumber(content), let below = Self.denominator(after: range.upperBound, nodes),
            let denominator = Self.content(of: below, nodes), Self.isNumber(denominator)
        {
            // "3 1/2", because "31/2" is another number.
            text = "\(base?.isASCIIDigit == true ? " " : "")\(content)/\(denominator)"
            end = nodes.subtree(below).upperBound
            return
        }
        end = range.upperBound
        if nodes.tag(node) == TIDINGS_HTML_SUB {
            guard let text = Self.lowered(content, after: base) else { return nil }
            self.text = text
        } else if Self.isNote(node, nodes) {
            guard Self.isNoteLabel(content) else { return nil }
            text = "[\(content)]"
        } else {
            guard let text = Self.raised(content, after: base) else { return nil }
            self.text = text
        }
    }

    /// An exponent has few elements in it.
    private static let nodeLimit = 32
    /// And few characters; longer text is small print.
    private static let scalarLimit = 16

    private static func content(of node: Int, _ nodes: HTMLNodes) -> String? {
        let inner = nodes.subtree(node).dropFirst()
        guard inner.allSatisfy({ nodes.tag($0) == TIDINGS_HTML_A || !isBlock(nodes.tag($0)) }) else { return nil }
        let text = HTMLText.text(of: nodes, in: inner.startIndex..<inner.endIndex) { _ in false }
        return text.isEmpty || text.unicodeScalars.count > scalarLimit || text.utf8.contains(0x0A) ? nil : text
    }

    private static func isNumber(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(\.isASCIIDigit) }

    // MARK: Fractions

    /// The `<sub>` that follows after a slash.
    private static func denominator(after position: Int, _ nodes: HTMLNodes) -> Int? {
        var slashes = 0
        let window = 4
        for node in position..<min(position + window, nodes.all.upperBound) {
            switch nodes.tag(node) {
            case TIDINGS_HTML_SUB: return slashes == 1 ? node : nil
            case TIDINGS_HTML_TEXT:
                switch foldedSpace(nodes.bytes[nodes.textRange(node)]) {
                case "/", "\u{2044}", "\u{2215}": slashes += 1
                case "": break
                default: return nil
                }
            case TIDINGS_HTML_SPAN: break
            default: return nil
            }
        }
        return nil
    }

    // MARK: Notes

    /// Whether the element is the mark of a note: a link, alone in a link to a place in the page, or named so.
    private static func isNote(_ node: Int, _ nodes: HTMLNodes) -> Bool {
        if nodes.holds(TIDINGS_HTML_A, below: node) || nodes.attribute("role", of: node) == "doc-noteref" { return true }
        let parent = nodes.parent(node)
        if nodes.tag(parent) == TIDINGS_HTML_A, nodes.subtree(parent).upperBound == nodes.subtree(node).upperBound,
            parent + 1 == node, nodes.attribute("href", of: parent)?.contains("#") == true
        {
            return true
        }
        return ["class", "id"].contains { (name: StaticString) in
            guard let value = nodes.attribute(name, of: node) else { return false }
            return NameWords.words(Array(value.utf8)[...]).contains { noteNames.contains($0.filter { !$0.isNumber }) }
        }
    }

    private static let noteNames: Set<String> = [
        "annotation", "citation", "cite", "citeref", "endnote", "fn", "fnref", "footnote", "footnoteref", "footnotes", "noteref",
        "ref", "reference", "sidenote",
    ]

    /// Numbers, and a single letter. Stars and daggers need no brackets, and `[1]` has them.
    private static func isNoteLabel(_ text: String) -> Bool {
        if text.utf8.count == 1, let byte = text.utf8.first, byte.isASCIILetter { return true }
        return text.utf8.contains(where: \.isASCIIDigit) && text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.numericType != nil || scalar == " " || scalar == "," || isDash(scalar)
        }
    }

    // MARK: Characters

    /// For formulas: raised characters, or `^(…)`.
    static func superscript(_ text: String) -> String { mapped(text, superscripts) ?? "^(\(text))" }
    static func `subscript`(_ text: String) -> String { mapped(text, subscripts) ?? "_(\(text))" }

    private static func raised(_ text: String, after base: UInt8?) -> String? {
        guard isFormula(text) else {
            // A letter of a formula: 2 to the n. Other letters are the ends of words: 2e, no, Dr.
            guard base != nil, text.unicodeScalars.count == 1, variables.contains(text) else { return nil }
            return mapped(text, superscripts)
        }
        if let mapped = mapped(text, superscripts) { return mapped }
        let isList = text.unicodeScalars.allSatisfy { $0 == "," || $0 == " " || superscripts[$0] != nil }
        let followsDigit = base?.isASCIIDigit == true
        if isList, !followsDigit { return mapped(text, superscripts, keeping: [",", " "]) }
        return base != nil && isShortFormula(text) ? "^(\(text))" : nil
    }

    private static func lowered(_ text: String, after base: UInt8?) -> String? {
        guard base != nil || isNumber(text) else { return nil }
        if let mapped = mapped(text, subscripts, keeping: [","]) { return mapped }
        return isShortFormula(text) ? "_(\(text))" : nil
    }

    /// Whether the text counts or computes: it contains a digit or a sign.
    private static func isFormula(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.numericType != nil || isDash($0) || "+=".unicodeScalars.contains($0) }
    }

    /// Letters, digits and signs, but no words, no price's cents (`.99`), no ordinal (`2nd`).
    private static func isShortFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first != ".", first != "," else { return false }
        let ordinals = ["st", "nd", "rd", "th"]
        if first.properties.numericType != nil, ordinals.contains(where: text.hasSuffix) { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || isDash(scalar)
                || "+=*/·×.,()′'^_".unicodeScalars.contains(scalar)
        }
    }

    private static func isDash(_ scalar: Unicode.Scalar) -> Bool { scalar == "-" || scalar == "−" || scalar == "–" }

    private static func mapped(
        _ text: String, _ characters: [Unicode.Scalar: Unicode.Scalar], keeping kept: Set<Unicode.Scalar> = []
    ) -> String? {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard let character = characters[scalar] ?? (kept.contains(scalar) ? scalar : nil) else { return nil }
            result.append(character)
        }
        return String(result)
    }

    private static let variables: Set<String> = ["i", "j", "k", "m", "n", "p", "x", "y", "z"]

    private static let superscripts = table("0123456789+-−–=()ijkmnpxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁱʲᵏᵐⁿᵖˣʸᶻ")
    private static let subscripts = table("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")

    private static func table(_ from: String, _ to: String) -> [Unicode.Scalar: Unicode.Scalar] {
        Dictionary(uniqueKeysWithValues: zip(from.unicodeScalars, to.unicodeScalars))
    }
}
