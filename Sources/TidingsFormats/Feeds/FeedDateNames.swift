import TidingsCore

/// A number, a word in lowercase, or a mark in a date's text. White space separates tokens and is none itself.
enum FeedDateToken: Equatable {
    case number(Int, digits: Int)
    /// `isCapital`: the source has it in capital letters, as abbreviations are written.
    case word(String, isCapital: Bool)
    /// A name of the IANA time zone database: `Europe/Berlin`.
    case region(String)
    case mark(UInt8)

    var mark: UInt8 {
        if case .mark(let byte) = self { return byte }
        return 0x20
    }

    static func tokens(of text: String) -> [FeedDateToken] {
        let bytes = Array(text.utf8)
        var tokens: [FeedDateToken] = []
        var index = 0
        while index < bytes.count {
            let start = index
            if bytes[index].isASCIIDigit {
                while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
                // 18 digits fit an Int. A longer number is no part of a date, so its first digits serve as well as all.
                let value = decimalNumber(bytes[start..<min(index, start + 18)]) ?? 0
                tokens.append(.number(value, digits: index - start))
            } else if isWord(bytes[index]) {
                while index < bytes.count, isWord(bytes[index]) { index += 1 }
                let word = String(decoding: bytes[start..<index], as: UTF8.self)
                let lowered = word.lowercased()
                if let end = endOfRegion(bytes, area: lowered, from: index) {
                    index = end
                    tokens.append(.region(String(decoding: bytes[start..<index], as: UTF8.self)))
                } else {
                    tokens.append(.word(lowered, isCapital: word == word.uppercased()))
                }
            } else {
                if !bytes[index].isXMLSpace { tokens.append(.mark(bytes[index])) }
                index += 1
            }
        }
        return tokens
    }

    /// Where the name of a region ends whose area has just been read; nil if it is none.
    private static func endOfRegion(_ bytes: [UInt8], area: String, from slash: Int) -> Int? {
        guard slash + 1 < bytes.count, bytes[slash] == UInt8(ascii: "/"), bytes[slash + 1].isASCIILetter else { return nil }
        // A month or a day of the week can stand before a slash too.
        guard FeedZone.areas.contains(area) || CalendarNames.month(named: area) == nil && !CalendarNames.isWeekday(area) else { return nil }
        var end = slash + 1
        while end < bytes.count,
            bytes[end].isASCIILetter || bytes[end].isASCIIDigit || [UInt8]("/_+-".utf8).contains(bytes[end])
        {
            end += 1
        }
        return end
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isASCIILetter || byte >= 0x80 }
}

/// Names of months.
enum FeedDateNames {
    /// The month whose start, in one of the languages below, `word` begins with.
    static func month(_ word: String) -> Int? {
        months.first { word.hasPrefix($0.start) }?.month
    }

    /// Whether `word` stands beside the numbers of a date in some language and says nothing.
    static func isFiller(_ word: String) -> Bool { fillers.contains(word) }

    private static let fillers: Set<String> = [
        "uhr", "hrs", "hr", "hours", "clock", "at", "on", "of", "the", "st", "nd", "rd", "th", "de", "del", "den", "der", "le", "il",
        "el", "um", "kl", "klo", "ore", "ora",
        // Days of the week in other languages than English.
        "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mar", "mer", "jeu", "ven", "sam", "dim", "mie", "jue", "vie", "sab", "dom",
        "gio", "seg", "ter", "qua", "qui", "sex", "ma", "wo", "vr", "za", "zo",
    ]

    // English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Czech, Hungarian, Turkish, Greek, Russian,
    // Ukrainian, Kazakh, each by the start that distinguishes the month. Longer starts come first.
    private static let months: [(start: String, month: Int)] = {
        let starts = [
            "jan ján jän gen ene sty ocak leden ян січ ιαν қаңтар",
            "feb fév fev lut şub únor фев лют φεβ ақпан",
            "mar mär már mrz mrt maa břez мар берез μαρ μάρ наурыз",
            "apr avr abr ápr kwi nis dub апр квіт απρ сәуір",
            "may mai maj máj mei mag maggio květ mayıs май мая трав μαι μαϊ μάι μάϊ мамыр",
            "jun jún juin giu cze haz červn июн черв ιουν ιούν маусым",
            "jul júl juil lug lip tem červenec июл лип ιουλ ιούλ шілде",
            "aug aou aoû ago sie ağu srp авг серп αυγ αύγ тамыз",
            "sep set szept wrz eyl zář сен вер σεπ қыркүйек",
            "oct okt out ott paź eki říj окт жовт οκτ қазан",
            "nov lis kas ноя лист νοε νοέ қараша",
            "dec dez déc dic gru ara pros дек груд δεκ желтоқсан",
        ]
        return starts.enumerated().flatMap { index, line in
            line.split(separator: " ").map { (start: String($0), month: index + 1) }
        }.sorted { $0.start.utf8.count > $1.start.utf8.count }
    }()
}
