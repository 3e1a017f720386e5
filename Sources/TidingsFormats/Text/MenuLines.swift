import TidingsCore

/// The menu of a site, as a copy of its page has it: one word a line, or all of them on one. A word such as "Home" or
/// "Culture" alone may be a headline, and a row of topics the end of an article; a row of them that has what only a site
/// has, "Home" or "Log in", is a menu.
enum MenuLines {
    /// Which of `lines` belong to a menu.
    static func find(_ bytes: [UInt8], _ lines: ArraySlice<TextLine>) -> Set<Int> {
        var found: Set<Int> = []
        var run: [(index: Int, word: Word)] = []
        func close() {
            // Words that the list does not have count between those that it has.
            let known = run.indices.filter { run[$0].word != .other }
            if let first = known.first, let last = known.last, isMenu(run[first...last].map(\.word)) {
                found.formUnion(run[first...last].map(\.index))
            }
            run = []
        }
        for index in lines.indices {
            let line = lines[index].range
            if isBar(bytes, line) {
                found.insert(index)
            } else if isShort(bytes, line) {
                run.append((index, word(Boilerplate.phrase(bytes, line))))
            } else {
                close()
            }
        }
        close()
        return found
    }

    private enum Word { case ofSites, topic, other }

    private static func isMenu(_ words: [Word]) -> Bool {
        let known = words.count { $0 != .other }
        return known >= 3 && known * 2 >= words.count && words.contains(.ofSites)
    }

    /// "Home | News | Sport | Contact", "Home > News > Harbour".
    static func isBar(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard line.count <= 300 else { return false }
        var items: [String] = []
        var isPath = true
        var start = line.lowerBound
        var position = start
        func close(_ end: Int) {
            let item = trimmed(bytes, start..<end)
            if !item.isEmpty { items.append(hasWords(5, bytes, item) ? "" : Boilerplate.phrase(bytes, item)) }
        }
        while position < line.upperBound {
            // Each of the signs has a space or a tab before it.
            guard bytes[position] == 0x20 || bytes[position] == 0x09 else {
                position += 1
                continue
            }
            var cursor = ByteCursor(bytes, position..<line.upperBound)
            let isStep = cursor.skip(" > ") || cursor.skip(" › ") || cursor.skip(" » ") || cursor.skip(" / ") || cursor.skip(" → ")
            guard isStep || cursor.skip(" | ") || cursor.skip(" • ") || cursor.skip(" · ") || cursor.skip("\t") || cursor.skip("   ")
            else {
                position += 1
                continue
            }
            if !isStep { isPath = false }
            close(position)
            position = cursor.position
            start = position
        }
        close(line.upperBound)
        guard items.count >= 2, !items.contains("") else { return false }
        if isPath { return homeWords.contains(items[0]) }
        return isMenu(items.map(word))
    }

    private static func isShort(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        line.count <= 60 && !hasWords(4, bytes, line) && LineEnding(bytes, line) == .open
    }

    private static func word(_ phrase: String) -> Word {
        if homeWords.contains(phrase) || siteWords.contains(phrase) { return .ofSites }
        if BoilerplatePhrases.navigation.contains(phrase) { return .ofSites }
        return topics.contains(phrase) ? .topic : .other
    }

    private static let homeWords: Set<String> = [
        "home", "homepage", "front page", "главная", "головна", "басты бет", "startseite", "accueil", "inicio", "portada", "início",
        "strona główna", "domů", "főoldal", "címlap", "ana sayfa", "anasayfa", "trang chủ", "beranda", "αρχική", "الرئيسية", "خانه",
        "דף הבית", "首页", "首頁", "ホーム", "トップ", "홈", "होम", "หน้าแรก",
    ]

    private static let siteWords: Set<String> = Set(
        """
        contact,about,advertise,careers,faq,sitemap,subscribe,newsletters,accessibility,feedback,follow us,sections,support us,donate
        контакты,о нас,поиск,подписка,kontakt,abo,suche,anmelden,anzeigen,recherche,s'abonner,contacto,buscar,contato,contatti
        iletişim,künye,اتصل بنا,من نحن,关于我们,联系我们,お問い合わせ
        """.split(whereSeparator: { $0 == "," || $0 == "\n" }).map(String.init))

    private static let topics: Set<String> = Set(
        """
        news,world,politics,business,economy,sport,sports,culture,opinion,weather,technology,tech,science,health,entertainment,travel
        lifestyle,video,videos,photos,podcasts,jobs,archive,help,more,local,education,environment,markets,money,style,food,arts,books,music
        events,shop,privacy,terms,cookies,live,latest,trending,topics,games,obituaries,editorial,letters,share,print,email
        новости,политика,экономика,общество,спорт,культура,мнения,мир,наука,технологии,происшествия,реклама,видео,фото
        новини,політика,економіка,суспільство,світ,жаңалықтар,саясат,қоғам,мәдениет
        nachrichten,politik,wirtschaft,kultur,gesellschaft,wissen,meinung,wetter,lokales
        actualités,politique,économie,société,monde,météo,opinions,noticias,política,economía,sociedad,deportes,cultura,mundo
        notícias,economia,esportes,notizie,politica,cronaca,esteri,wiadomości,polityka,gospodarka,kultura,świat,opinie
        haberler,gündem,ekonomi,spor,dünya,kültür,thời sự,thế giới,kinh tế,thể thao,văn hóa
        الأخبار,سياسة,اقتصاد,رياضة,ثقافة,新闻,国际,体育,财经,社会,文化,ニュース,政治,経済,スポーツ,国際
        """.split(whereSeparator: { $0 == "," || $0 == "\n" }).map(String.init))
}
