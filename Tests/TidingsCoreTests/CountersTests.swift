import Testing
import TidingsCore

@Suite("Counters beside an article") struct CountersTests {
    private func form(_ text: String, title: String? = "The ferry is late") -> CanonicalForm {
        CanonicalForm(title: title, text: text)
    }

    private let body = "The winter timetable stays until April, says the harbour office."

    @Test("counters that change, come or go are no difference", arguments: [
        ("12 points by hana 3 hours ago | 4 comments", "140 points by hana 1 day ago | 87 comments"),
        ("Points: 12\n# Comments: 4", "Points: 13\n# Comments: 5"),
        ("\u{25B2} 12 \u{B7} \u{1F4AC} 4 \u{B7} via hana.example", "\u{25B2} 19 \u{B7} \u{1F4AC} 11 \u{B7} via hana.example"),
        ("submitted by hana to harbour\n12 votes, 4 comments", "submitted by hana to harbour\n1.2k votes, 40 comments"),
        ("\u{1F441} 1,204 \u{2764}\u{FE0F} 31", "\u{1F441} 1,377 \u{2764}\u{FE0F} 40"),
        ("5 min read", "6 min read"), ("Reading time: 4 minutes", "Reading time: 5 minutes"),
        ("Updated 3 hours ago", "Updated just now"), ("No comments", "1 comment"), ("4 comments", ""), ("", "Views: 8"),
        ("Posted 2 days ago by Ann Lee", "Posted 3 weeks ago by Ann Lee"), ("Comments (3)", "Comments (12)"),
        ("vor 3 Stunden \u{B7} 12 Kommentare", "vor einem Tag \u{B7} 1.204 Kommentare"), ("Lesezeit: 3 Min.", "Lesezeit: 4 Min."),
        ("128-mal gelesen", "130-mal gelesen"), ("il y a 2 heures | 3 commentaires", "il y a 5 heures | aucun commentaire"),
        ("Temps de lecture : 4 min", "Temps de lecture : 5 min"), ("hace 3 horas \u{B7} 4 comentarios", "hace 2 d\u{ED}as \u{B7} 9 comentarios"),
        ("h\u{E1} 3 horas \u{B7} 120 visualiza\u{E7}\u{F5}es", "h\u{E1} 4 horas \u{B7} 345 visualiza\u{E7}\u{F5}es"),
        ("3 ore fa \u{2022} 4 commenti", "un giorno fa \u{2022} 8 commenti"), ("3 uur geleden, 4 reacties", "4 uur geleden, 12 reacties"),
        ("3 \u{447}\u{430}\u{441}\u{430} \u{43D}\u{430}\u{437}\u{430}\u{434} \u{B7} 4 \u{43A}\u{43E}\u{43C}\u{43C}\u{435}\u{43D}\u{442}\u{430}\u{440}\u{438}\u{44F}",
         "5 \u{447}\u{430}\u{441}\u{43E}\u{432} \u{43D}\u{430}\u{437}\u{430}\u{434} \u{B7} 7 \u{43A}\u{43E}\u{43C}\u{43C}\u{435}\u{43D}\u{442}\u{430}\u{440}\u{438}\u{435}\u{432}"),
        ("for 3 timer siden \u{B7} 4 kommentarer", "for 5 timer siden \u{B7} 9 kommentarer"),
        ("submitted by /u/hana [link] [comments] 12 comments", "submitted by /u/hana [link] [comments] 18 comments"),
        ("2 godziny temu, 4 komentarze", "3 godziny temu, 5 komentarzy"), ("3 saat \u{F6}nce \u{B7} 12 yorum", "4 saat \u{F6}nce \u{B7} 13 yorum"),
        ("3\u{5C0F}\u{65F6}\u{524D} \u{B7} 12 \u{8BC4}\u{8BBA}", "5\u{5929}\u{524D} \u{B7} 88 \u{8BC4}\u{8BBA}"),
        ("The office closes at six. (12 comments)", "The office closes at six. (13 comments)"),
    ])
    func counters(old: String, new: String) {
        #expect(differInCountersOnly(form(old + "\n" + body), form(new + "\n" + body)), "\(old) / \(new)")
        // An edit beside them is one.
        #expect(!differInCountersOnly(form(old + "\n" + body), form(new + "\n" + body.replacing("April", with: "May"))))
        #expect(!differInCountersOnly(form(old), form(new, title: "The ferry is early")))
    }

    @Test("numbers of the article are a difference", arguments: [
        ("At least 12 people died in the flood.", "At least 15 people died in the flood."),
        ("The film had 1,200 views in its first week.", "The film had 1,300 views in its first week."),
        ("12 comments led the council to think again.", "15 comments led the council to think again."),
        ("Harbour FC | 45 points", "Harbour FC | 48 points"), ("North | 1,204 votes", "North | 1,240 votes"),
        ("1,204 votes", "1,240 votes"), ("45 points", "48 points"), ("Harbour FC 2:1 Pier United", "Harbour FC 2:2 Pier United"),
        ("\u{25B2} 12 %", "\u{25B2} 15 %"), ("\u{25B2} 12", "\u{25B2} 15"), ("Price: 45 EUR", "Price: 54 EUR"), ("5.0 %", "50 %"),
        ("The ship left 3 days ago with grain.", "The ship left 4 days ago with grain."), ("3 days", "4 days"),
        ("12 shares", "15 shares"), ("7 hours of rain", "8 hours of rain"), ("Answer: 42", "Answer: 43"), ("Comment 3", "Comment 4"),
        ("For 2 hours", "For 3 hours"), ("2 minutes", "3 minutes"),
        ("by hana 3 hours ago", "by jon 3 hours ago"), ("4 comments by hana", "4 comments by jon"),
    ])
    func numbers(old: String, new: String) {
        #expect(!differInCountersOnly(form(old + "\n" + body), form(new + "\n" + body)), "\(old) / \(new)")
    }

    @Test("a headline's numbers are a difference, but for its count of replies in brackets")
    func titles() {
        #expect(!differInCountersOnly(form(body, title: "Bread costs 4.20"), form(body, title: "Bread costs 4.50")))
        #expect(!differInCountersOnly(form(body, title: "12 comments"), form(body, title: "13 comments")))
        #expect(differInCountersOnly(form(body, title: "Mooring fees (12 replies)"), form(body, title: "Mooring fees (13 replies)")))
    }

    @Test("short lines in which digits alone differ may be counts; sentences, prices, shares and rows are not", arguments: [
        ("Kutazamwa: 12", "Kutazamwa: 15", true), ("Reactions so far 7", "Reactions so far 9", true),
        ("Harbour FC | 45", "Harbour FC | 48", false), ("Price 45 \u{20AC}", "Price 54 \u{20AC}", false), ("Price: 45 EUR", "Price: 54 EUR", false),
        ("Turnout 45 %", "Turnout 54 %", false), ("Twelve boats and 3 cranes.", "Twelve boats and 4 cranes.", false),
        ("Kutazamwa: 12", "Kutazamwa: many", false),
        ("A line of more than six words, 12 or so", "A line of more than six words, 13 or so", false),
    ])
    func labelled(old: String, new: String, areCounts: Bool) {
        let lines = digitLines(old: form(body + "\n" + old), new: form(body + "\n" + new))
        #expect((lines != nil) == areCounts, "\(old) / \(new)")
    }
}
