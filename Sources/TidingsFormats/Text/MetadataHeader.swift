import TidingsCore

/// The lines "Title: …", "Date: …", "Author: …" at the top of exports and of saved mail.
///
/// They are a header only if they stand together at the very top and one of them gives the title; "Date: 5 May" alone
/// may be the first line of an invitation.
struct MetadataHeader {
    private(set) var title = ""
    private(set) var authors: [Author] = []
    private(set) var datePublished: ItemDate?
    private(set) var dateModified: ItemDate?
    private(set) var tags: [String] = []
    private(set) var url: String?
    /// How many lines belong to it.
    private(set) var count = 0

    private enum Key { case title, author, date, modified, tags, url, other }

    init?(_ bytes: [UInt8], _ lines: [TextLine]) {
        var known = 0
        for line in lines.prefix(Self.lineLimit) {
            guard let (key, value) = Self.field(bytes, line.range) else { break }
            put(key, foldedSpace(bytes[value]), bytes, value)
            count += 1
            if key != .other { known += 1 }
            if line.blankFollows { break }
        }
        guard !title.isEmpty, known >= 2, count < lines.count else { return nil }
    }

    private static let lineLimit = 20

    private mutating func put(_ key: Key, _ text: String, _ bytes: [UInt8], _ value: Range<Int>) {
        switch key {
        case .title: if title.isEmpty { title = text }
        case .author: if authors.isEmpty { authors = Self.authors(bytes, value) }
        case .date: datePublished = datePublished ?? Self.date(bytes, value)
        case .modified: dateModified = dateModified ?? Self.date(bytes, value)
        case .tags:
            if tags.isEmpty { tags = text.split(whereSeparator: { $0 == "," || $0 == ";" }).compactMap { String($0).trimmedOrNil } }
        case .url: url = url ?? (text.hasPrefix("http") && !text.contains(" ") ? text : nil)
        case .other: break
        }
    }

    /// `key: value`; nil if the key is none of a header's.
    private static func field(_ bytes: [UInt8], _ line: Range<Int>) -> (Key, Range<Int>)? {
        guard let label = Boilerplate.label(bytes, line, limit: 40) else { return nil }
        let name = String(decoding: bytes[label.name], as: UTF8.self).lowercased()
        // "Reply-To", "X-Mailer": only a header has words with a hyphen before a colon.
        let hyphen = UInt8(ascii: "-")
        let isMail = name.utf8.contains(hyphen) && name.utf8.allSatisfy { $0.isASCIILetter || $0 == hyphen }
        guard let key = keys[name] ?? (isMail ? .other : nil) else { return nil }
        return label.value.isEmpty && key != .other ? nil : (key, label.value)
    }

    private static func date(_ bytes: [UInt8], _ value: Range<Int>) -> ItemDate? {
        if let date = Dateline(bytes, value)?.date { return date }
        // Mail's form has the name of the month. Numbers alone would be a guess.
        return bytes[value].contains(where: \.isASCIILetter) ? FeedDate.parse(String(decoding: bytes[value], as: UTF8.self)) : nil
    }

    /// "Dana Omarova, Li Na", "Ola Moe <ola@bees.example>".
    private static func authors(_ bytes: [UInt8], _ value: Range<Int>) -> [Author] {
        let text = String(decoding: bytes[value], as: UTF8.self)
        // In mail's form a name may hold a comma: "Roth, Lena" <lena@lock.example>.
        let isMail = text.hasSuffix(">")
        return text.split(whereSeparator: { !isMail && ($0 == "," || $0 == ";") }).compactMap { part in
            let name = part.prefix { $0 != "<" }.filter { $0 != "\"" }
            return String(name).trimmedOrNil.map { Author(name: $0) }
        }
    }

    private static let keys: [String: Key] = {
        let names: [(Key, String)] = [
            (.title,
                "title,headline,subject,titel,überschrift,betreff,titre,objet,título,titulo,asunto,assunto,titolo,"
                    + "oggetto,tytuł,temat,cím,tárgy,başlık,konu,заголовок,название,тема,назва,тақырып,tiêu đề,judul,"
                    + "τίτλος,العنوان,عنوان,כותרת,标题,標題,タイトル,件名,제목,शीर्षक"),
            (.author,
                "author,authors,by,byline,from,writer,autor,autorin,autoren,auteur,auteurs,autores,autore,autori,"
                    + "szerző,yazar,автор,авторы,автори,tác giả,penulis,συντάκτης,الكاتب,نویسنده,מחבר,作者,記者,著者,저자,लेखक"),
            (.date,
                "date,published,publication date,pubdate,datum,veröffentlicht,publié,fecha,publicado,data,pubblicato,"
                    + "data publikacji,dátum,tarih,дата,опубликовано,дата публикации,күні,ngày,tanggal,ημερομηνία,التاريخ,"
                    + "تاریخ,תאריך,日期,发布时间,日付,날짜,दिनांक"),
            (.modified, "updated,modified,last modified,last updated,aktualisiert,mis à jour,actualizado,обновлено"),
            (.tags,
                "tags,keywords,category,categories,section,topics,schlagwörter,kategorie,ressort,rubrique,mots-clés,"
                    + "etiquetas,categoría,seção,sezione,kategoria,рубрика,теги,ключевые слова,категория,标签,分类"),
            (.url, "url,link,permalink,address,ссылка,адрес,链接"),
            (.other,
                "to,cc,reply-to,message-id,list-id,mime-version,content-type,source,publication,publisher,language,"
                    + "lang,slug,id,an,von,quelle,sprache,source,fuente,fonte,источник,язык,来源"),
        ]
        var keys: [String: Key] = [:]
        for (key, list) in names { for name in list.split(separator: ",") { keys[String(name)] = keys[String(name)] ?? key } }
        return keys
    }()
}
