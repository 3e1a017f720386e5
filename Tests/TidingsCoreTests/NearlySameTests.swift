import Testing
import TidingsCore

@Suite("Nearly the same text") struct NearlySameTests {
    private static let note = """
        The crane on the north quay stands still since Monday. The harbour office looks for a part that is no longer made, and \
        the boats unload at the south quay, where there is room for three.
        """

    private func form(_ text: String, title: String? = "The crane") -> CanonicalForm { CanonicalForm(title: title, text: text) }

    @Test("an edited text is the same article", arguments: [
        ("a line more", note + "\nThe part is to come in May."), ("a word changed", note.replacing("three", with: "four")),
        ("a sentence taken out", note.replacing("The crane on the north quay stands still since Monday. ", with: "")),
        ("a paragraph on top", "Seen today.\n" + note),
    ])
    func edits(what: String, new: String) {
        #expect(isNearlySame(form(Self.note), form(new)), "\(what)")
        #expect(isNearlySame(form(Self.note), form(new, title: "The crane stands still")), "\(what), with a new title")
    }

    @Test("what must not be taken for an edit")
    func others() {
        func template(_ place: String, _ who: String, _ what: String) -> String {
            "Visit to \(place)\nPresent: \(who)\nAgenda\nWhat was seen: \(what)\nNext steps\nTo be sent to the office within a week"
        }
        let one = template("the mill", "Ann, Jon", "the wheel turns again and the roof is dry")
        let other = template("the lock", "Eva", "the gates leak, a diver is to come on Friday")
        #expect(!isNearlySame(form(one), form(other)), "two notes from one template")
        #expect(!isNearlySame(form(Self.note), form("Another text of about that length, which speaks of bread, of flour, and of an oven that was lit.")))
        #expect(!isNearlySame(form("Short note."), form("Short note!")), "too little to prove anything")
        #expect(
            !isNearlySame(form(Self.note, title: "Report 12"), form(Self.note + " Later more.", title: "Report 13")),
            "two issues of a series")
        #expect(!isNearlySame(form(Self.note), form(Self.note + "\n" + String(repeating: "And much more of it. ", count: 40))))
    }

    @Test("lines that other articles have prove nothing")
    func shared() {
        let long = "This form is filled in at every visit, in ink, and is kept in the office for ten years by order of the board."
        let (one, other) = (form(long + "\nThe mill is dry."), form(long + "\nThe lock leaks."))
        #expect(isNearlySame(one, other))
        #expect(!isNearlySame(one, other, besides: [Substring(long)]))
    }
}
