import TidingsCore

/// The menu of a site, as a copy of its page has it: one word a line, or all of them on one. A word such as "Home" or
/// "Culture" alone may be a headline; a row of them is a menu.
enum MenuLines {
    /// Which of `lines` belong to a menu.
    static func find(_ bytes: [UInt8], _ lines: ArraySlice<TextLine>) -> Set<Int> {
        var found: Set<Int> = []
        var run: [(index: Int, isKnown: Bool)] = []
        func close() {
            // Words that the list does not have count between those that it has.
            guard let first = run.firstIndex(where: \.isKnown), let last = run.lastIndex(where: \.isKnown) else {
                run = []
                return
            }
            let items = run[first...last]
            let known = items.count(where: \.isKnown)
            if known >= leastWords, known * 2 >= items.count { found.formUnion(items.map(\.index)) }
            run = []
        }
        for index in lines.indices {
            let line = lines[index].range
            if isBar(bytes, line) {
                found.insert(index)
            } else if isShort(bytes, line) {
                run.append((index, isKnown(Boilerplate.phrase(bytes, line))))
            } else {
                close()
            }
        }
        close()
        return found
    }

    private static let leastWords = 3

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
        let known = items.count(where: isKnown)
        return items.count >= 3 && known >= 2 && known * 2 >= items.count
    }

    private static func isShort(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        line.count <= 60 && !hasWords(4, bytes, line) && LineEnding(bytes, line) == .open
    }

    private static func isKnown(_ phrase: String) -> Bool {
        words.contains(phrase) || homeWords.contains(phrase) || BoilerplatePhrases.navigation.contains(phrase)
    }

    private static let homeWords: Set<String> = [
        "home", "homepage", "front page", "главная", "головна", "басты бет", "startseite", "accueil", "inicio", "portada", "início",
        "strona główna", "domů", "főoldal", "címlap", "ana sayfa", "anasayfa", "trang chủ", "beranda", "αρχική", "الرئيسية", "خانه",
        "דף הבית", "首页", "首頁", "ホーム", "トップ", "홈", "होम", "หน้าแรก",
    ]

    private static let words: Set<String> = Set(
        """
        news,world,politics,business,economy,sport,sports,culture,opinion,weather,technology,tech,science,health,entertainment,travel
        lifestyle,video,videos,photos,podcasts,newsletters,jobs,archive,contact,about,advertise,careers,faq,help,sitemap,subscribe,more
        local,education,environment,markets,money,style,food,arts,books,music,events,shop,donate,support us,privacy,terms,cookies,feedback
        live,latest,trending,sections,topics,games,obituaries,editorial,letters,accessibility,follow us,share,print,email
        новости,политика,экономика,общество,спорт,культура,мнения,мир,наука,технологии,происшествия,контакты,о нас,реклама,поиск,видео,фото
        новини,політика,економіка,суспільство,світ,жаңалықтар,саясат,экономика,қоғам,мәдениет
        nachrichten,politik,wirtschaft,kultur,gesellschaft,wissen,meinung,kontakt,wetter,lokales,anzeigen,abo,suche,anmelden
        actualités,politique,économie,société,monde,météo,opinions,contact,recherche,s'abonner
        noticias,política,economía,sociedad,deportes,cultura,mundo,contacto,buscar,notícias,economia,esportes,mundo,contato
        notizie,politica,cronaca,esteri,economia,cultura,contatti,wiadomości,polityka,gospodarka,kultura,świat,opinie
        haberler,gündem,ekonomi,spor,dünya,kültür,iletişim,künye,thời sự,thế giới,kinh tế,thể thao,văn hóa
        الأخبار,سياسة,اقتصاد,رياضة,ثقافة,اتصل بنا,من نحن,新闻,国际,体育,财经,社会,文化,ニュース,政治,経済,スポーツ,国際
        """.split(whereSeparator: { $0 == "," || $0 == "\n" }).map(String.init))
}
