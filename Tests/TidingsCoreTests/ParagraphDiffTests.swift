import TestSupport
import Testing
@testable import TidingsCore

@Suite("Differences of texts, paragraph by paragraph") struct ParagraphDiffTests {
    private static let harbour = [
        "The harbour board met on Tuesday.", "It heard two reports on the new pier and on the old one.",
        "Gulls nest below the crane, the first report says.", "The second report counts nineteen boats in winter.",
        "A storm is expected on Friday night.", "Boats are to be tied twice until it has passed.",
        "The ferry does not run on Saturday.", "Tickets of that day are good for another one.",
        "The next meeting is in March.", "It is open to all.",
    ]

    /// One line for each that differs: the paragraphs, from 1, and the words.
    private static func shown(_ lines: some Sequence<DiffLine>) -> [String] {
        lines.filter { $0.kind != .same }.map { line in
            func numbers(_ range: Range<Int>) -> String { range.map { "\($0 + 1)" }.joined(separator: "+") }
            let place = line.elsewhere.map { "(\($0 + 1))" } ?? ""
            let words = line.words.map { run in
                switch run.kind {
                case .same: run.text
                case .removed: "[-\(run.text)-]"
                case .added: "{+\(run.text)+}"
                }
            }
            return "\(line.kind) \(numbers(line.old))>\(numbers(line.new))\(place) \(words.joined())"
        }
    }

    struct Case: Sendable {
        let name: String
        /// What became of the harbour's paragraphs, whose numbers begin at 0.
        let edit: @Sendable (inout [String]) -> Void
        let expected: [String]

        init(_ name: String, _ edit: @escaping @Sendable (inout [String]) -> Void, _ expected: [String]) {
            self.name = name
            self.edit = edit
            self.expected = expected
        }
    }

    @Test("an edit is shown as what it is", arguments: [
        Case("nothing", { _ in }, []),
        Case("a word", { $0[3] = "The second report counts ninety boats in winter." },
            ["changed 4>4 The second report counts [-nineteen-]{+ninety+} boats in winter."]),
        Case("words beside each other", { $0[3] = "The second report counts a few boats in winter." },
            ["changed 4>4 The second report counts [-nineteen-]{+a few+} boats in winter."]),
        Case("a replaced phrase is one run", { $0[5] = "Boats are to be hauled ashore until it has passed." },
            ["changed 6>6 Boats are to be [-tied twice-]{+hauled ashore+} until it has passed."]),
        Case("a number is one word", { $0[3] = "The second report counts 30,000 boats in winter, in 2.5 harbours." },
            ["changed 4>4 The second report counts [-nineteen-]{+30,000+} boats in winter{+, in 2.5 harbours+}."]),
        Case("a new paragraph", { $0.insert("Nobody was hurt.", at: 4) }, ["added >5 {+Nobody was hurt.+}"]),
        Case("a paragraph less", { $0.remove(at: 4) }, ["removed 5> [-A storm is expected on Friday night.-]"]),
        Case("other words in its place", { $0[4] = "Children sang." },
            ["removed 5> [-A storm is expected on Friday night.-]", "added >5 {+Children sang.+}"]),
        Case("a paragraph that only moved", { $0.insert($0.remove(at: 1), at: 6) },
            ["moved 2>(7) ", "moved >7(2) It heard two reports on the new pier and on the old one."]),
        Case("one that moved up", { $0.insert($0.remove(at: 6), at: 1) },
            ["moved >2(7) The ferry does not run on Saturday.", "moved 7>(2) "]),
        Case("one that moved and was edited a little", { $0.insert($0.remove(at: 1).replacing("two", with: "three"), at: 6) },
            ["moved 2>(7) ", "moved >7(2) It heard [-two-]{+three+} reports on the new pier and on the old one."]),
        Case("one that moved and has little left is another one", { _ = $0.remove(at: 1); $0.insert("It heard a band on the pier.", at: 6) },
            ["removed 2> [-It heard two reports on the new pier and on the old one.-]", "added >7 {+It heard a band on the pier.+}"]),
        Case("a divided paragraph", { $0[1] = "It heard two reports on the new pier\nand on the old one." },
            ["changed 2>2+3 It heard two reports on the new pier[- -]{+\n+}and on the old one."]),
        Case("two paragraphs made one", { $0[4] += " " + $0.remove(at: 5) },
            ["changed 5+6>5 A storm is expected on Friday night.[-\n-]{+ +}Boats are to be tied twice until it has passed."]),
        Case("an edited paragraph between new ones meets its own form",
            { $0[3] = "Nobody asked.\nThe second report counts ninety boats in winter.\nThe third counts nets." },
            ["added >4 {+Nobody asked.+}", "changed 4>5 The second report counts [-nineteen-]{+ninety+} boats in winter.",
                "added >6 {+The third counts nets.+}"]),
    ])
    func edits(row: Case) {
        var new = Self.harbour
        row.edit(&new)
        let lines = paragraphDiff(old: Self.harbour.joined(separator: "\n"), new: new.joined(separator: "\n"))
        #expect(Self.shown(lines) == row.expected, "\(row.name)")
    }

    @Test("a number whose digits changed is shown whole")
    func numbers() {
        #expect(Self.shown(paragraphDiff(old: "It fell by 5.0 to 30,000.", new: "It fell by 5.1 to 35,000.")) == [
            "changed 1>1 It fell by [-5.0-]{+5.1+} to [-30,000-]{+35,000+}.",
        ])
    }

    @Test("a script without spaces is compared character by character")
    func scripts() {
        #expect(Self.shown(paragraphDiff(old: "市长说，明天会下雨。", new: "市长说，明天会下雪。")) == ["changed 1>1 市长说，明天会下[-雨-]{+雪+}。"])
    }

    @Test("texts without paragraphs")
    func empty() {
        #expect(paragraphDiff(old: "", new: "").isEmpty)
        #expect(Self.shown(paragraphDiff(old: "", new: "a\nb")) == ["added >1 {+a+}", "added >2 {+b+}"])
        #expect(Self.shown(paragraphDiff(old: "a", new: "")) == ["removed 1> [-a-]"])
    }

    @Test("the lines hold each paragraph of both texts once, and make both texts again", arguments: 0..<20 as Range<UInt64>)
    func complete(seed: UInt64) {
        var random = Seeded(seed: seed)
        let pool = ["tide", "gull", "pier", "boat", "5", "rain", "salt", "rope"]
        func paragraph() -> String { (0...Int.random(in: 0...9, using: &random)).map { _ in pool.randomElement(using: &random) ?? "" }.joined(separator: " ") }
        for _ in 0..<20 {
            let old = (0..<Int.random(in: 0...14, using: &random)).map { _ in paragraph() }
            var new = old
            for _ in 0..<Int.random(in: 0...6, using: &random) where !new.isEmpty {
                let place = Int.random(in: new.indices, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: new.remove(at: place)
                case 1: new.insert(paragraph(), at: place)
                case 2: new.insert(new.remove(at: place), at: Int.random(in: 0...new.count, using: &random))
                case 3: new[place] += " " + paragraph()
                default: new[place] += "\n" + paragraph()
                }
            }
            let (before, after) = (old.joined(separator: "\n"), new.joined(separator: "\n"))
            let lines = paragraphDiff(old: before, new: after)
            func joined(_ lines: [DiffLine], without kind: DiffRun.Kind) -> String {
                lines.map { $0.words.filter { $0.kind != kind }.map(\.text).joined() }.joined(separator: "\n")
            }
            let moved = Dictionary(lines.filter { $0.kind == .moved && $0.old.isEmpty }.map { ($0.elsewhere ?? -1, $0) }) { first, _ in first }
            let fromOld = lines.compactMap { $0.old.isEmpty ? nil : moved[$0.old.lowerBound] ?? $0 }
            #expect(joined(fromOld, without: .added) == before, "seed \(seed)")
            #expect(joined(lines.filter { !$0.new.isEmpty }, without: .removed) == after, "seed \(seed)")
            #expect(lines.flatMap(\.old) == Array(0..<(before.isEmpty ? 0 : before.split(separator: "\n", omittingEmptySubsequences: false).count)))
            #expect(lines.flatMap(\.new) == Array(0..<(after.isEmpty ? 0 : after.split(separator: "\n", omittingEmptySubsequences: false).count)))
            #expect(hunks(of: lines, context: 1).flatMap { $0.lines.filter { $0.kind != .same } } == lines.filter { $0.kind != .same })
        }
    }

    @Test("hunks have three equal paragraphs around a difference, and are one where these would meet")
    func hunksOfLines() {
        let old = (1...40).map { "Paragraph \($0)" }
        var new = old
        for number in [1, 10, 18, 30] { new[number - 1] += " edited" }
        new.insert("Paragraph 30b", at: 30)
        let lines = paragraphDiff(old: old.joined(separator: "\n"), new: new.joined(separator: "\n"))
        #expect(hunks(of: lines).map(\.header) == ["@@ -1,4 +1,4 @@", "@@ -7,7 +7,7 @@", "@@ -15,7 +15,7 @@", "@@ -27,7 +27,8 @@"])
        #expect(hunks(of: lines, context: 4).map(\.header) == ["@@ -1,22 +1,22 @@", "@@ -26,9 +26,10 @@"])
        #expect(hunks(of: lines, context: 0).map(\.header) == ["@@ -1 +1 @@", "@@ -10 +10 @@", "@@ -18 +18 @@", "@@ -30 +30,2 @@"])
        #expect(hunks(of: lines, context: nil).map(\.header) == ["@@ -1,40 +1,41 @@"])
        #expect(hunks(of: paragraphDiff(old: "", new: "a")).map(\.header) == ["@@ -0,0 +1 @@"])
        #expect(hunks(of: paragraphDiff(old: "a", new: "a")).isEmpty)
    }

    @Test("a long text that was edited everywhere and put in another order still shows the words that were edited")
    func long() {
        var random = Seeded(seed: 7)
        func paragraph() -> String { (0..<12).map { _ in "w\(Int.random(in: 0..<400, using: &random))" }.joined(separator: " ") }
        let old = (0..<1_200).map { _ in paragraph() }
        let edited = old.map { $0.replacing("w", with: "x", maxReplacements: 1) }
        let lines = paragraphDiff(old: old.joined(separator: "\n"), new: edited.joined(separator: "\n"))
        #expect(lines.allSatisfy { $0.kind == .changed && $0.words.filter { $0.kind == .added }.count == 1 })
        #expect(lines.count == old.count)
        let shuffled = paragraphDiff(old: old.joined(separator: "\n"), new: edited.shuffled(using: &random).joined(separator: "\n"))
        #expect(shuffled.allSatisfy { [.moved, .changed].contains($0.kind) })
        #expect(shuffled.allSatisfy { $0.words.count { $0.kind == .added } <= 1 })
    }

    @Test("a rise is the heaviest of all", arguments: 0..<20 as Range<UInt64>)
    func rises(seed: UInt64) {
        var random = Seeded(seed: seed)
        let points = (0..<9).shuffled(using: &random).map { (value: $0, weight: Int.random(in: 1...9, using: &random)) }
        func isRise(_ list: [Int]) -> Bool { zip(list, list.dropFirst()).allSatisfy { $0 < $1 && points[$0].value < points[$1].value } }
        func weight(_ list: [Int]) -> Int { list.reduce(0) { $0 + points[$1].weight } }
        let all = (0..<512).map { choice in points.indices.filter { choice >> $0 & 1 == 1 } }.filter(isRise)
        let found = heaviestRise(points)
        #expect(isRise(found) && weight(found) == all.map(weight).max(), "seed \(seed)")
        #expect(heaviestRise([]).isEmpty)
    }

    @Test("lists that differ by more than the limit are divided at what each has once")
    func dividesLongLists() {
        let old = (0..<5_000).map { Substring("\($0)") }
        let new = old.enumerated().map { $0 % 2 == 0 ? $1 : "new \($0)" }
        var usual = SequenceDiff()
        #expect(usual.stretches(old: old, new: new).count { $0.isSame } <= 2)
        var dividing = SequenceDiff(dividesLongLists: true)
        #expect(dividing.stretches(old: old, new: new).reduce(0) { $0 + ($1.isSame ? $1.old.count : 0) } == 2_500)
    }
}
