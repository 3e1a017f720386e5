import TidingsCore

// Lines that a paper adds to an article, known by how they begin or by what they count.

extension Boilerplate {
    /// "Read more: A bell for the harbour", "Читайте также: …", "Lire aussi : …": a label, a colon and the headline of
    /// another article. "See also" and "Related" may refer to a source, and stay.
    static func isLinkLine(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 300, let label = label(bytes, line, limit: 56), label.value.count >= 3 else { return false }
        return linkLabels.contains(phrase(bytes, label.name)) && LineEnding(bytes, line) != .stop
    }

    /// What stands before and after the first colon, or full-width colon, of a line.
    static func label(_ bytes: [UInt8], _ line: Range<Int>, limit: Int) -> (name: Range<Int>, value: Range<Int>)? {
        let end = min(line.upperBound, line.lowerBound + limit)
        for position in line.lowerBound..<end {
            let width: Int
            switch bytes[position] {
            case UInt8(ascii: ":"): width = 1
            case 0xEF where bytes.starts(with: [0xBC, 0x9A], at: position + 1): width = 3
            default: continue
            }
            guard position > line.lowerBound, position + width <= line.upperBound else { return nil }
            return (
                trimmed(bytes, line.lowerBound..<position), trimmed(bytes, position + width..<line.upperBound)
            )
        }
        return nil
    }

    private static let linkLabels: Set<String> = [
        "read more", "read also", "also read", "read next", "more on this", "more on this story", "you may also like",
        "читайте также", "читать также", "читайте по теме", "читайте також", "тағы оқыңыз", "оқи отырыңыз",
        "lesen sie auch", "lesen sie mehr", "lesen sie dazu", "mehr dazu", "mehr zum thema", "auch interessant",
        "lire aussi", "à lire aussi", "lire également", "à lire", "lea también", "lee también", "leer también", "lea además",
        "lee más", "te puede interesar", "leia também", "leia mais", "saiba mais", "leggi anche", "per approfondire",
        "lees ook", "lees meer", "läs också", "läs mer", "les også", "læs også", "lue myös", "czytaj także", "czytaj też",
        "czytaj więcej", "zobacz także", "zobacz też", "čtěte také", "čítajte tiež", "citește și", "olvasta már", "ayrıca okuyun",
        "ilgili haber", "đọc thêm", "xem thêm", "baca juga", "διαβάστε επίσης", "διαβάστε ακόμη", "اقرأ أيضا", "اقرأ أيضًا",
        "إقرأ أيضا", "بیشتر بخوانید", "קראו גם", "קראו עוד", "相关阅读", "相關閱讀", "延伸阅读", "延伸閱讀", "関連記事", "あわせて読みたい",
        "यह भी पढ़ें", "ये भी पढ़ें", "관련기사",
    ]

    /// "Related articles": behind the last paragraph, only headlines of other articles follow it.
    static func isRelatedHeading(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        line.count <= 80 && relatedHeadings.contains(phrase(bytes, line))
    }

    private static let relatedHeadings: Set<String> = [
        "related articles", "related stories", "related posts", "related news", "you may also like", "most read", "most popular",
        "latest news", "recommended for you", "trending now", "more on this story", "похожие новости", "новости по теме",
        "материалы по теме", "читайте также", "самое читаемое", "читайте також", "mehr zum thema", "auch interessant", "lire aussi",
        "à lire aussi", "sur le même sujet", "noticias relacionadas", "notícias relacionadas", "leia também", "articoli correlati",
        "leggi anche", "czytaj także", "ilgili haberler", "tin liên quan", "bài viết liên quan", "artikel terkait", "اقرأ أيضا",
        "مواضيع ذات صلة", "相关阅读", "相關閱讀", "相关新闻", "相關新聞", "関連記事", "관련기사", "관련 기사", "ข่าวที่เกี่ยวข้อง",
    ]

    /// What stands alone on a line between paragraphs where a page had an insert.
    static let insertPhrases: Set<String> = [
        "advertisement", "skip advertisement", "article continues below", "article continues below advertisement",
        "story continues below", "story continues below advertisement", "advertisement continue reading",
        "advertisement scroll to continue", "continua após a publicidade", "publicité", "publicidad", "publicidade",
    ]

    /// What may be a heading of an article about it, unless it comes twice.
    static let repeatedInsertPhrases: Set<String> = [
        "реклама", "anzeige", "werbung", "pubblicità", "reklama", "reklam", "hirdetés", "annons", "annonse", "annonce", "mainos",
        "advertentie", "iklan", "quảng cáo", "إعلان", "广告", "廣告", "広告", "광고", "โฆษณา", "विज्ञापन", "διαφήμιση", "פרסומת", "жарнама",
    ]

    /// "Photo: Jane Roe / Northern Agency". "Photo: the harbour at night" says something.
    static func isPhotoCredit(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 100 else { return false }
        var cursor = ByteCursor(bytes, line)
        let isLabel =
            cursor.skip("photo: ") || cursor.skip("photos: ") || cursor.skip("photo by ") || cursor.skip("photo credit: ")
            || cursor.skip("image: ") || cursor.skip("picture: ") || cursor.skip("foto: ") || cursor.skip("bild: ")
            || cursor.skip("photo : ") || cursor.skip("crédit photo : ") || cursor.skip("fotó: ") || cursor.skip("zdjęcie: ")
            || cursor.skip("Фото: ") || cursor.skip("Фото ")
        return isLabel && Byline.areNames(bytes, cursor.position..<line.upperBound)
    }

    /// "ENDS", "-30-", "– ENDS –": in capitals, as offices mark the end of a text for the press. "###" too parts scenes
    /// of a story, and is no mark between paragraphs.
    static func isEndMark(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 20 else { return false }
        switch phrase(bytes, line) {
        case "30": return bytes[line.lowerBound] == UInt8(ascii: "-") || bytes[line.lowerBound] == 0xE2
        case "ends": return bytes[line].contains(UInt8(ascii: "E")) && bytes[line].contains(UInt8(ascii: "S"))
        case "end":
            return bytes[line].contains(UInt8(ascii: "E")) && bytes[line].contains(UInt8(ascii: "D"))
                && !bytes[line.lowerBound].isASCIILetter
        default: return false
        }
    }

    /// "03/05/2026", "02-12-2025 14:30": surely a date, though nobody can tell which (`Dateline` reads those of one day).
    static func isNumericDate(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 24 else { return false }
        var cursor = ByteCursor(bytes, line)
        guard let first = cursor.number(digits: 1...2), let sign = cursor.next,
            sign == UInt8(ascii: "/") || sign == UInt8(ascii: "-") || sign == UInt8(ascii: "."), cursor.skip(sign),
            let second = cursor.number(digits: 1...2), cursor.skip(sign), let year = cursor.number(digits: 4...4)
        else { return false }
        guard (1...12).contains(first), (1...12).contains(second), (1900...2100).contains(year) else { return false }
        return bytes[cursor.position..<line.upperBound].allSatisfy { $0 == 0x20 || $0 == UInt8(ascii: ":") || $0.isASCIIDigit }
    }

    /// "Embargoed until 6 March 2026, 00:01".
    static func isEmbargo(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        var cursor = ByteCursor(bytes, line)
        return line.count <= 80 && bytes[line].contains(where: \.isASCIIDigit)
            && (cursor.skip("embargo") || cursor.skip("sperrfrist") || cursor.skip("sous embargo"))
    }

    /// "###", "-----": signs without a word.
    static func isRule(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        line.count >= 3
            && bytes[line].allSatisfy { byte in
                switch byte {
                case 0x20, UInt8(ascii: "#"), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "*"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    /// "(Reporting by Jeanne Aubry in Marseille; editing by Tom Hale)".
    static func isCredit(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        var cursor = ByteCursor(bytes, line)
        _ = cursor.skip(UInt8(ascii: "("))
        guard cursor.skip("reporting by ") || cursor.skip("additional reporting by ") || cursor.skip("writing by ") else {
            return false
        }
        return String(decoding: bytes[line], as: UTF8.self).lowercased().contains("editing by ")
    }

    /// "Sign up for our daily newsletter", "Подписывайтесь на наш канал в Telegram": an invitation and what it is to.
    static func isPromotion(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard let first = bytes[line].first, first.isASCIILetter || first >= 0x80 else { return false }
        let words = foldedWords(bytes, line)
        guard words.count >= 3, words.contains(where: channels.contains) else { return false }
        let text = words.joined(separator: " ")
        return invitations.contains(where: text.hasPrefix)
    }

    private static let invitations = [
        "sign up for ", "sign up to ", "subscribe to ", "follow us on ", "follow us in ", "join us on ", "join our ", "like us on ",
        "get our ", "download our ", "подпишитесь на ", "подписывайтесь на ", "подписывайся на ", "читайте нас в ",
        "следите за нами ", "присоединяйтесь к ", "підписуйтесь на ", "підпишіться на ", "біздің ", "abonnieren sie ", "folgen sie uns ",
        "abonnez vous à ", "suivez nous sur ", "inscrivez vous à ", "suscríbete a ", "suscríbase a ", "síguenos en ", "síganos en ",
        "siga nos ", "inscreva se ", "iscriviti al", "seguici su ", "zapisz się na ", "obserwuj nas ", "polub nas ", "bizi ",
    ]
    private static let channels: Set<String> = [
        "newsletter", "newsletters", "telegram", "whatsapp", "facebook", "instagram", "twitter", "youtube", "tiktok", "linkedin",
        "viber", "app", "channel", "telegramm", "канал", "канале", "рассылку", "телеграм", "телеграме", "facebooku", "telegramie",
        "whatsapp'ta", "telegram'da", "twitter'da", "instagram'da",
    ]

    /// "1,204 views", "12 comments", "57 shares": how many readers did what.
    static func isReaderCounter(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 60, bytes[line].contains(where: \.isASCIIDigit), LineEnding(bytes, line) == .open else { return false }
        var units = 0
        for word in foldedWords(bytes, line) where !word.utf8.allSatisfy({ $0.isASCIIDigit }) && word != "k" {
            guard readerUnits.contains(word) else { return false }
            units += 1
        }
        return units > 0
    }

    private static let readerUnits: Set<String> = [
        "views", "view", "comments", "comment", "shares", "share", "likes", "like", "reads", "просмотров", "просмотра", "просмотр",
        "просмотры", "комментариев", "комментария", "комментарий", "комментарии", "kommentare", "kommentar", "commentaires",
        "commentaire", "comentarios", "comentario", "comentários", "comentário", "commenti", "komentarzy", "komentarze", "yorum",
        "прочтений", "перегляди", "переглядів", "қаралым",
    ]

    /// "We use cookies to improve your experience on this site.": a page's question, which copies begin with.
    static func isConsent(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 400 else { return false }
        var cursor = ByteCursor(bytes, line)
        let isSure =
            cursor.skip("this site uses cookies") || cursor.skip("this website uses cookies")
            || cursor.skip("diese website verwendet cookies") || cursor.skip("ce site utilise des cookies")
            || cursor.skip("este sitio utiliza cookies") || cursor.skip("este sitio web utiliza cookies")
        if isSure { return true }
        // A recipe may begin so too.
        guard cursor.skip("we use cookies ") || cursor.skip("we and our partners use cookies ")
            || cursor.skip("wir verwenden cookies") || cursor.skip("nous utilisons des cookies")
            || cursor.skip("utilizamos cookies") || cursor.skip("Мы используем")
        else { return false }
        let text = String(decoding: bytes[line], as: UTF8.self).lowercased()
        return ["experience", "website", "site", "browsing", "consent", "erlebnis", "expérience", "experiencia", "cookie", "сайт"]
            .filter(text.contains).count >= 2
    }
}
