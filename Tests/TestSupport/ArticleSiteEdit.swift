/// What an editor of the site may do to an article.
package enum SiteEditKind: String, CaseIterable, Sendable {
    case digit, word, sign, paragraph, headline, correctionNote
}

/// An edit that was made: the words that the article lost and got, and no others.
package struct SiteEdit: Equatable, Sendable {
    package let kind: SiteEditKind
    package let removed: String
    package let added: String
}

extension SiteArticle {
    /// Edits the article. Edits of words stay out of the first paragraph, so that the feed's teaser remains what it was.
    package mutating func edit(_ kind: SiteEditKind, using random: inout Seeded) -> SiteEdit {
        edition += 1
        switch kind {
        case .digit:
            return change(&random, kind, where: { $0.contains { $0.isASCIIDigit } }) { word, random in
                let digits = word.indices.filter { word[$0].isASCIIDigit }
                let place = digits[Int.random(in: digits.indices, using: &random)]
                let old = word[place].wholeNumberValue ?? 0
                return word.replacing(at: place, with: String((old + Int.random(in: 1...9, using: &random)) % 10))
            }
        case .sign:
            // 2.5 becomes 25: nothing but the sign goes.
            return change(&random, kind, where: { $0.decimalSign != nil }) { word, _ in
                word.decimalSign.map { word.replacing(at: $0, with: "") } ?? word
            }
        case .word:
            return change(&random, kind, where: { $0.count >= 2 && $0.allSatisfy(\.isLetter) }) { word, random in
                let stock = Self.stock.filter { $0 != word }
                return stock[Int.random(in: stock.indices, using: &random)]
            }
        case .headline:
            var words = title.split(separator: " ").map(String.init)
            let stock = Self.stock.filter { !words.contains($0) }
            let new = stock[Int.random(in: stock.indices, using: &random)]
            // A script without spaces has no word to replace.
            guard words.count > 1 else {
                title += "、" + new
                return SiteEdit(kind: kind, removed: "", added: "、" + new)
            }
            let old = words[words.count / 2]
            words[words.count / 2] = new
            title = words.joined(separator: " ")
            return SiteEdit(kind: kind, removed: old, added: new)
        case .paragraph:
            let text = Self.addition(language, number: Int.random(in: 1000...9999, using: &random))
            let places = blocks.indices.dropFirst().filter { if case .paragraph = blocks[$0] { true } else { false } }
            blocks.insert(.paragraph(text), at: places[Int.random(in: places.indices, using: &random)])
            return SiteEdit(kind: kind, removed: "", added: text)
        case .correctionNote:
            let text = Self.correction(language, number: Int.random(in: 1000...9999, using: &random))
            blocks.append(.correction(text))
            return SiteEdit(kind: kind, removed: "", added: text)
        }
    }

    private static let stock = ["lantern", "orchard", "granite", "whistle", "ribbon", "compass"]

    /// Replaces one word of a paragraph that `isMeant` holds for by what `other` makes of it.
    private mutating func change(
        _ random: inout Seeded, _ kind: SiteEditKind, where isMeant: (String) -> Bool,
        to other: (String, inout Seeded) -> String
    ) -> SiteEdit {
        var places: [(block: Int, word: Int)] = []
        var texts: [Int: [String]] = [:]
        for (index, block) in blocks.enumerated().dropFirst() {
            guard case .paragraph(let text) = block else { continue }
            let words = text.words
            texts[index] = words
            places += words.indices.filter { isMeant(words[$0]) }.map { (index, $0) }
        }
        guard !places.isEmpty else { preconditionFailure("article \(number) has no place for a \(kind)") }
        let place = places[Int.random(in: places.indices, using: &random)]
        guard var words = texts[place.block] else { preconditionFailure("no text") }
        let old = words[place.word]
        let new = other(old, &random)
        words[place.word] = new
        blocks[place.block] = .paragraph(words.joined())
        // Of a script without spaces, each character is a word.
        let start = zip(old, new).prefix { $0 == $1 && !$0.isASCII }.count
        let end = zip(old.dropFirst(start).reversed(), new.dropFirst(start).reversed()).prefix { $0 == $1 && !$0.isASCII }.count
        return SiteEdit(kind: kind, removed: String(old.dropFirst(start).dropLast(end)), added: String(new.dropFirst(start).dropLast(end)))
    }

    private static func addition(_ language: String, number: Int) -> String {
        switch language {
        case "de": "Am Abend teilte das Amt mit, dass sich bisher \(number) Menschen mit Fragen gemeldet haben, und dass jede Frage beantwortet werde."
        case "fr": "Dans la soirée, la mairie a précisé que \(number) personnes avaient déjà posé des questions, et que chacune aurait une réponse."
        case "es": "Por la tarde, la oficina añadió que \(number) personas habían hecho ya sus preguntas, y que todas tendrían respuesta."
        case "ru": "Вечером в администрации добавили, что вопросы прислали уже \(number) человек, и что каждый из них получит ответ."
        case "ja": "夕方の発表によると、これまでに\(number)人から質問が寄せられ、担当者は一つずつ答えていくという。"
        default: "In the evening the office added that \(number) people had already sent questions, and that each of them would get an answer."
        }
    }

    private static func correction(_ language: String, number: Int) -> String {
        switch language {
        case "de": "Korrektur: In einer früheren Fassung dieses Textes stand eine falsche Zahl; richtig ist \(number)."
        case "fr": "Correction : une version précédente de cet article donnait un mauvais chiffre ; il s’agit de \(number)."
        case "es": "Corrección: una versión anterior de este artículo daba una cifra equivocada; la correcta es \(number)."
        case "ru": "Исправление: в прежней версии этой статьи была указана неверная цифра; правильная — \(number)."
        case "ja": "訂正：この記事の以前の版にあった数字は誤りでした。正しくは\(number)です。"
        default: "Correction: an earlier version of this article gave a wrong figure; the right one is \(number)."
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

extension String {
    /// The text cut into words, with what stands between them; a number with a decimal sign is one word.
    fileprivate var words: [String] {
        var list: [String] = []
        var word = ""
        let characters = Array(self)
        for (place, character) in characters.enumerated() {
            let isInNumber =
                (character == "." || character == ",") && place > 0 && place + 1 < characters.count
                && characters[place - 1].isASCIIDigit && characters[place + 1].isASCIIDigit
            if character.isLetter || character.isNumber || isInNumber {
                word.append(character)
                continue
            }
            if !word.isEmpty { list.append(word) }
            word = ""
            list.append(String(character))
        }
        return word.isEmpty ? list : list + [word]
    }

    /// Where the sign of a decimal fraction with one digit stands, if it is the only sign in the word.
    fileprivate var decimalSign: Index? {
        let signs = indices.filter { self[$0] == "." || self[$0] == "," }
        guard signs.count == 1, let place = signs.first else { return nil }
        return self[index(after: place)...].prefix(while: \.isASCIIDigit).count == 1 ? place : nil
    }

    fileprivate func replacing(at place: Index, with new: String) -> String {
        self[..<place] + new + self[index(after: place)...]
    }
}
