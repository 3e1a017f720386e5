/// `text` without the differences that a copy editor makes and a reader does not notice: case, kinds of quotes and
/// dashes, the space around punctuation. It only *classifies* a change; two texts that fold alike are still two
/// versions.
package func cosmeticFold(_ text: String) -> String {
    var folded = String.UnicodeScalarView()
    var owesSpace = false
    for scalar in text.lowercased().unicodeScalars {
        let plain: Unicode.Scalar =
            switch scalar.value {
            case 0x2018...0x201B, 0x2032, 0x201C...0x201F, 0x2033, 0xAB, 0xBB, 0x2039, 0x203A, 0x22, 0x60, 0xB4: "'"
            case 0x2010...0x2015, 0x2212: "-"
            default: scalar
            }
        if plain.properties.isWhitespace {
            owesSpace = true
            continue
        }
        let touchesPunctuation = isPunctuation(plain) || folded.last.map(isPunctuation) ?? true
        if owesSpace, !touchesPunctuation { folded.append(" ") }
        owesSpace = false
        if plain == ".", folded.suffix(2).elementsEqual([".", "."]) {
            // Three dots stand for an ellipsis.
            folded.removeLast(2)
            folded.append("\u{2026}")
        } else {
            folded.append(plain)
        }
    }
    return String(folded)
}

/// Whether the two texts differ only in what `cosmeticFold` removes.
func areCosmetic(_ old: String, _ new: String) -> Bool {
    let differing = DifferingLines(old, new)
    let (before, after) = (differing.middle(of: old), differing.middle(of: new))
    // How a line folds depends on the lines around it only if dots of both stand together.
    let mayJoinDots = [before, after, differing.around(old).after].contains { $0.utf8.first == UInt8(ascii: ".") }
    if mayJoinDots { return cosmeticFold(old) == cosmeticFold(new) }
    let words = differingWords(before, after)
    return cosmeticFold(String(words.old)) == cosmeticFold(String(words.new))
}

/// The texts without the words that both begin with, and those that both end with. A cut lies beside an ASCII letter or digit that a
/// space or a line end follows, and the letter stays: then the two sides of the cut fold as the whole does.
private func differingWords(_ old: Substring, _ new: Substring) -> (old: Substring, new: Substring) {
    var (copy, other) = (old, new)
    let (start, rest) = copy.withUTF8 { old in
        other.withUTF8 { new in
            func isCut(_ position: Int) -> Bool {
                unsafe (old[position] == 0x20 || old[position] == 0x0A) && (old[position - 1].isASCIILetter || old[position - 1].isASCIIDigit)
            }
            let shorter = min(old.count, new.count)
            var same = 0
            while same < shorter, unsafe old[same] == new[same] { same += 1 }
            let start = (1..<max(same, 1)).last(where: isCut).map { $0 - 1 } ?? 0
            var rest = 0
            while rest < shorter - start - 1, unsafe old[old.count - 1 - rest] == new[new.count - 1 - rest] { rest += 1 }
            let end = rest > 1 ? (old.count - rest + 1..<old.count).first(where: isCut) : nil
            return (start, end.map { old.count - $0 } ?? 0)
        }
    }
    func middle(of text: Substring) -> Substring {
        text[text.utf8.index(text.startIndex, offsetBy: start)..<text.utf8.index(text.endIndex, offsetBy: -rest)]
    }
    return (middle(of: old), middle(of: new))
}

private func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
        .finalPunctuation, .otherPunctuation:
        true
    default: false
    }
}
