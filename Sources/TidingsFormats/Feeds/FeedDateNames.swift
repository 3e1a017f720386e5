import TidingsCore

/// A number, a word in lowercase, or a mark in a date's text. White space separates tokens and is none itself.
enum FeedDateToken: Equatable {
    case number(Int, digits: Int)
    case word(String)
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
                tokens.append(.word(String(decoding: bytes[start..<index], as: UTF8.self).lowercased()))
            } else {
                if !bytes[index].isXMLSpace { tokens.append(.mark(bytes[index])) }
                index += 1
            }
        }
        return tokens
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isASCIILetter || byte >= 0x80 }
}

/// Names of months and zones.
enum FeedDateNames {
    /// The month whose start, in one of the languages below, `word` begins with.
    static func month(_ word: String) -> Int? {
        months.first { word.hasPrefix($0.start) }?.month
    }

    /// How far a zone is ahead of UTC, in minutes (RFC 822 §5.1, and the names that writers use in spite of it).
    /// One-letter zones other than Z are unknown, because RFC 822 had their signs wrong (RFC 5322 §4.3).
    static func offsetMinutes(ofZone word: String) -> Int? { zones[word] }

    private static let zones: [String: Int] = [
        "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120,
        "mest": 120, "mesz": 120, "eet": 120, "sast": 120, "eest": 180, "msk": 180, "trt": 180, "gst": 240, "pkt": 300,
        "uzt": 300, "ist": 330, "almt": 360, "wib": 420, "ict": 420, "hkt": 480, "sgt": 480, "awst": 480, "pht": 480,
        "jst": 540, "kst": 540, "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780,
        "nst": -210, "ndt": -150, "brt": -180, "art": -180, "at": -240, "ast": -240, "adt": -180, "et": -300, "est": -300,
        "edt": -240, "ct": -360, "cst": -360, "cdt": -300, "mt": -420, "mst": -420, "mdt": -360, "pt": -480, "pst": -480,
        "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
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
