/// The Unicode scalars of a text without the differences that a copy editor makes and a reader does not notice: case, kinds of quotes
/// and dashes, the space around punctuation. It only *classifies* a change; two texts that fold alike are still two versions.
struct CosmeticFold: Sequence, IteratorProtocol {
    private var scalars: Substring.UnicodeScalarView.Iterator
    /// What the last scalars read have become, and how many of it are given out.
    private var folded: [Unicode.Scalar] = []
    private var given = 0
    private var owesSpace = false
    /// Nothing needs a space before it at the start.
    private var followsPunctuation = true
    /// The dots that came last, 0 to 2. They are held back, because three stand for an ellipsis.
    private var dots = 0

    init(_ text: Substring) { scalars = text.unicodeScalars.makeIterator() }

    mutating func next() -> Unicode.Scalar? {
        while given == folded.count {
            folded.removeAll(keepingCapacity: true)
            given = 0
            guard let scalar = scalars.next() else {
                if dots == 0 { return nil }
                payDots()
                break
            }
            if let ascii = scalar.asciiLowercased {
                put(ascii)
            } else {
                scalar.properties.lowercaseMapping.unicodeScalars.forEach { put($0) }
            }
        }
        given += 1
        return folded[given - 1]
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let plain: Unicode.Scalar =
            switch scalar.value {
            case 0x2018...0x201B, 0x2032, 0x201C...0x201F, 0x2033, 0xAB, 0xBB, 0x2039, 0x203A, 0x22, 0x60, 0xB4: "'"
            case 0x2010...0x2015, 0x2212: "-"
            default: scalar
            }
        if plain.properties.isWhitespace {
            owesSpace = true
            return
        }
        let isPunctuation = isPunctuation(plain)
        if plain == "." {
            dots += 1
            if dots == 3 {
                dots = 0
                folded.append("\u{2026}")
            }
        } else {
            payDots()
            if owesSpace, !isPunctuation, !followsPunctuation { folded.append(" ") }
            folded.append(plain)
        }
        owesSpace = false
        followsPunctuation = isPunctuation
    }

    private mutating func payDots() {
        folded.append(contentsOf: repeatElement(".", count: dots))
        dots = 0
    }
}

extension Unicode.Scalar {
    /// Nil outside ASCII.
    fileprivate var asciiLowercased: Unicode.Scalar? {
        guard isASCII else { return nil }
        return ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) + 0x20) : self
    }
}

/// Whether the two texts differ only in what `CosmeticFold` leaves out.
func areCosmetic(_ old: String, _ new: String) -> Bool {
    let differing = DifferingLines(old, new)
    let (before, after) = (differing.middle(of: old), differing.middle(of: new))
    // How a line folds depends on the lines around it only if dots of both stand together.
    let mayJoinDots = [before, after, differing.around(old).after].contains { $0.utf8.first == UInt8(ascii: ".") }
    let words = mayJoinDots ? (old: old[...], new: new[...]) : differingWords(before, after)
    // Of most edits this reads only as far as the first word that differs.
    return CosmeticFold(words.old).elementsEqual(CosmeticFold(words.new))
}

private func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    // Most of a text.
    if ("a"..."z").contains(scalar) { return false }
    return switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
        .finalPunctuation, .otherPunctuation:
        true
    default: false
    }
}
