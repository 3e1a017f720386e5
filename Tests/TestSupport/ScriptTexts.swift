import Foundation

/// Articles in five scripts that nobody wrote: words put together from syllables of each, the same in every run. Some words are in
/// most articles and most in few, as in a language. What a search must find in them is told by a plain scan.
package struct ScriptTexts: Sendable {
    package enum Script: Int, CaseIterable, Sendable { case latin, cyrillic, arabic, han, devanagari }

    package struct Article: Sendable {
        package let number: Int
        package let script: Script
        /// Ends with the number.
        package let title: String
        package let text: String
    }

    private let vocabulary: Int
    private let words: [[String]]

    /// - Parameter vocabulary: how many words each script has.
    package init(vocabulary: Int) {
        self.vocabulary = vocabulary
        words = Script.allCases.map { script in
            var random = Seeded(seed: UInt64(script.rawValue) + 1)
            return (0..<vocabulary).map { _ in Self.word(script, &random) }
        }
    }

    /// - Parameter words: about how many words its text has.
    package func article(_ number: Int, words count: Int = 220) -> Article {
        var random = Seeded(seed: UInt64(number) &* 0x1000_0000_01B3)
        let script = Script.allCases[number % Script.allCases.count]
        let title = "\(sentence(script, 5, &random)) \(number)"
        var text = ""
        var left = count
        while left > 0 {
            let length = Int.random(in: 6...18, using: &random)
            text += sentence(script, length, &random) + (script == .han ? "。" : script == .devanagari ? "। " : ". ")
            if Int.random(in: 0..<5, using: &random) == 0 { text += "\n\n" }
            left -= length
        }
        return Article(number: number, script: script, title: title, text: text)
    }

    private func sentence(_ script: Script, _ count: Int, _ random: inout Seeded) -> String {
        (0..<count).map { _ in pick(script, &random) }.joined(separator: script == .han ? "" : " ")
    }

    private func pick(_ script: Script, _ random: inout Seeded) -> String {
        // The n-th word comes about as often as 1/n says (Zipf).
        let share = Double.random(in: 0..<1, using: &random)
        let rank = Int(pow(Double(vocabulary), share)) - 1
        return words[script.rawValue][min(rank, vocabulary - 1)]
    }

    private static func word(_ script: Script, _ random: inout Seeded) -> String {
        func one(_ list: [String]) -> String { list[Int.random(in: list.indices, using: &random)] }
        let syllables = Int.random(in: script == .han ? 1...3 : 2...4, using: &random)
        return (0..<syllables).map { _ in
            switch script {
            case .latin: one(["b", "č", "d", "f", "g", "k", "ł", "m", "ñ", "p", "r", "ş", "t", "v", "z"]) + one(["a", "é", "i", "ö", "u", "ơ"])
            case .cyrillic: one(["б", "в", "г", "д", "ж", "к", "л", "м", "н", "п", "р", "с", "т"]) + one(["а", "ё", "и", "о", "у", "ы", "я"])
            case .arabic: one(["ب", "ت", "ج", "ح", "د", "ر", "س", "ش", "ع", "ق", "ك", "م", "ن"]) + one(["", "ا", "و", "ي", "\u{64E}", "\u{650}"])
            case .han: String(Unicode.Scalar(0x4E00 + UInt32.random(in: 0..<2_000, using: &random)) ?? "一")
            case .devanagari: one(["क", "ख", "ग", "च", "ज", "त", "द", "न", "प", "ब", "म", "र", "ल", "स"]) + one(["", "ा", "ि", "ी", "ु", "े", "ो", "ं"])
            }
        }.joined()
    }

    // MARK: the plain scan

    /// Something to look for, and how to see whether it is in an article.
    package struct Query: Sendable {
        /// As a person types it, without marks.
        package let text: String
        /// All must be in `folded`.
        package let needles: [String]
    }

    /// Query `number`, made of what is in one of the first `articles` articles: a word, two words, a phrase, the beginning of a word.
    package func query(_ number: Int, of articles: Int) -> Query {
        var random = Seeded(seed: UInt64(number) &+ 7_777)
        let scripts = Script.allCases.count
        let place = Int.random(in: 0..<max(1, articles / scripts), using: &random) * scripts + number % scripts
        let article = self.article(min(place, articles - 1))
        let folded = Self.folded(article)
        if article.script == .han {
            let run = folded.split(separator: " ").filter { $0.count > 3 }.randomElement(using: &random) ?? "一"
            let part = String(run.dropFirst(Int.random(in: 0..<(run.count - 3), using: &random)).prefix(number / scripts % 3 + 1))
            return Query(text: part, needles: [part])
        }
        let words = folded.split(separator: " ").map(String.init)
        let start = Int.random(in: 0..<(words.count - 1), using: &random)
        let (first, second) = (words[start], words[start + 1])
        switch number / scripts % 4 {
        case 0: return Query(text: first, needles: [" \(first) "])
        case 1: return Query(text: "\(second) \(first)", needles: [" \(first) ", " \(second) "])
        case 2: return Query(text: "\"\(first) \(second)\"", needles: [" \(first) \(second) "])
        default: return Query(text: "\(first.prefix(4))*", needles: [" \(first.prefix(4))"])
        }
    }

    /// Title and text as words of plain letters with a space around each.
    package static func folded(_ article: Article) -> String {
        var folded = " "
        for scalar in (article.title + " " + article.text).lowercased().decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar {
            case "\u{300}"..."\u{36F}", "\u{64B}"..."\u{652}": break
            case "ł": folded += "l"
            case " ", "\n", ".", "。", "।": if folded.last != " " { folded += " " }
            default: folded.unicodeScalars.append(scalar)
            }
        }
        return folded + " "
    }
}
