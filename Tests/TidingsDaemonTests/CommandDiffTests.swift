import Foundation
import TestSupport
import Testing

@Suite("tidings diff")
struct CommandDiffTests {
    private let tides = CommandState.id("tides.txt")

    @Test("marks the words that went and came", arguments: [[], ["1", "2"], ["--full"]])
    func diff(arguments: [String]) async throws {
        let state = try await CommandState()
        let result = try await RunningProgram(["diff", tides] + arguments + ["--config", state.settings]).result()
        #expect(result.status == 0)
        let header = arguments == ["--full"] ? "" : "@@ -1,2 +1,2 @@\n"
        #expect(
            result.output == """
                --- \(tides)@1  2026-02-02 02:40:01
                +++ \(tides)@2  2026-02-02 02:40:02

                Tides [31mtoday

                \(header)The tide comes at [-noon-]{+dusk+}.
                Boats wait.

                """)
    }

    /// An article of thirty paragraphs, and an edit of each kind.
    private func long(_ state: CommandState) async throws -> String {
        let paragraphs = (1...30).map { "Paragraph \($0) tells of the harbour, of its boats and of what came on day \($0)." }
        _ = try await state.commit(
            "long.txt", title: "The harbour opens", author: "Ada Pier", tags: ["pier", "boats"], paragraphs.joined(separator: "\n"), after: 30)
        var edited = paragraphs
        edited[0] = edited[0].replacing("boats", with: "\u{1B}[31mships")
        edited.insert(edited.remove(at: 5).replacing("what", with: "all that"), at: 11)
        edited.insert(edited.remove(at: 5), at: 11)
        edited[24] = edited[24].replacing("boats and", with: "boats\nand")
        edited.append("Nobody was hurt.")
        return try await state.commit(
            "long.txt", title: "The harbour closes", author: "Bo Quay", tags: ["boats", "rain"], edited.joined(separator: "\n"), after: 31)
    }

    @Test("shows the title first, then the other fields, then each difference with three paragraphs around it")
    func hunks() async throws {
        let state = try await CommandState()
        let id = try await long(state)
        func same(_ numbers: ClosedRange<Int>) -> String {
            numbers.map { "Paragraph \($0) tells of the harbour, of its boats and of what came on day \($0).\n" }.joined()
        }
        #expect(
            try await state.run("diff", id).output == """
                --- \(id)@1  2026-02-02 02:40:30
                +++ \(id)@2  2026-02-02 02:40:31

                The harbour [-opens-]{+closes+}

                authors: [-Ada Pier-]{+Bo Quay+}
                tags: [-pier-]{+rain+}

                @@ -1,15 +1,15 @@
                Paragraph 1 tells of the harbour, of its [-boats-]{+[31mships+} and of what came on day 1.
                \(same(2...5)){>paragraphs 6-7 moved to 11-12<}
                \(same(8...12)){>moved from paragraphs 6-7 to 11-12<}
                Paragraph 6 tells of the harbour, of its boats and of [-what-]{+all that+} came on day 6.
                \(same(7...7))\(same(13...15))
                @@ -22,9 +22,11 @@
                \(same(22...24))Paragraph 25 tells of the harbour, of its boats[- -]{+¶+}
                and of what came on day 25.
                \(same(26...30)){+Nobody was hurt.+}

                """)
        #expect(try await state.run("diff", id, "--full").output.contains("\n\(same(13...24))"))
        #expect(try await state.run("diff", id, "2", "2").output.hasSuffix("\n\nno difference\n"))
    }

    @Test("as JSON, has runs that make both texts, and hunks with numbers from 1")
    func diffJSON() async throws {
        let state = try await CommandState()
        #expect(try await state.run("diff", tides, "2", "1").output.contains("[-dusk-]{+noon+}"))
        let object = try json(try await state.run("diff", tides, "--json").output)
        #expect(object["changed"] as? [String] == ["text"])
        #expect(object["characters_added"] as? Int == 4)
        let runs = try #require(object["text"] as? [[String: String]])
        #expect(runs.filter { $0["kind"] != "added" }.compactMap { $0["text"] }.joined() == CommandState.tides[0])
        #expect(runs.filter { $0["kind"] != "removed" }.compactMap { $0["text"] }.joined() == CommandState.tides[1])

        let id = try await long(state)
        let output = try await state.run("diff", id, "--json").output
        #expect(output.contains(#""metadata":[{"name":"authors","removed":["Ada Pier"],"added":["Bo Quay"]},{"name":"tags","removed":["pier"],"added":["rain"]}]"#))
        #expect(output.contains(#""hunks":[{"old":1,"old_count":15,"new":1,"new_count":15,"lines":[{"kind":"changed","old":1,"new":1,"words":[{"kind":"same","text":"Paragraph 1 tells"#))
        #expect(output.contains(#"{"kind":"moved","old":7,"moved_to":12},{"kind":"same","old":8,"new":6,"#))
        #expect(output.contains(#"{"kind":"moved","new":11,"moved_from":6,"words":[{"kind":"same","#))
        #expect(output.contains(#"{"kind":"changed","old":25,"new":25,"new_count":2,"words":[{"kind":"same","#))
        #expect(output.contains(#"{"kind":"added","new":32,"words":[{"kind":"added","text":"Nobody was hurt."}]}]}]}"#))
        let hunks = try #require(try json(try await state.run("diff", id, "--json", "--full").output)["hunks"] as? [[String: Any]])
        #expect(hunks.map { $0["old_count"] as? Int } == [30])
    }

    @Test("the first version has nothing to differ from")
    func first() async throws {
        let state = try await CommandState()
        #expect(try await state.run("diff", CommandState.id("gulls.txt")).status == 65)
    }

    @Test("on a terminal is coloured and goes through the pager", arguments: [
        (["PAGER": "sed s/^/paged:/"], [], true), (["TIDINGS_PAGER": "sed s/^/paged:/", "PAGER": "false"], [], true),
        (["PAGER": "sed s/^/paged:/"], ["--no-pager"], false), (["PAGER": "sed s/^/paged:/", "TIDINGS_PAGER": ""], [], false),
        ([:], [], false), (["PAGER": "no-such-pager 2>/dev/null"], [], false),
    ] as [([String: String], [String], Bool)])
    func pager(environment: [String: String], arguments: [String], isPaged: Bool) async throws {
        let state = try await CommandState()
        let environment = environment.merging(["TZ": "UTC", "PATH": "/usr/bin:/bin"]) { $1 }
        let shown = try await Terminal.shows {
            try RunningProgram(["diff", tides, "--config", state.settings] + arguments, environment: environment, output: $0)
        }
        #expect(shown.contains((isPaged ? "paged:" : "\n") + "The tide comes at \u{1B}[31mnoon\u{1B}[0m\u{1B}[32mdusk\u{1B}[0m.\r\n"))
        #expect(shown.contains("Tides [31mtoday"))
    }

    @Test("on a terminal, breaks lines between words, each with its own colours")
    func wraps() async throws {
        let state = try await CommandState()
        _ = try await state.commit("long.txt", title: "Long", "The quick brown fox jumps over the dog. 狐狸跳过了狗", after: 40)
        let id = try await state.commit("long.txt", title: "Long", "The quick brown fox sits in the grass, over the dog. 狐狸跳过了狗", after: 41)
        let shown = try await Terminal.shows {
            try RunningProgram(
                ["diff", id, "--config", state.settings], environment: ["TZ": "UTC", "COLUMNS": "30"], output: $0)
        }
        #expect(
            shown.hasSuffix(
                [
                    "The quick brown fox \u{1B}[31mjumps\u{1B}[0m\u{1B}[32msits\u{1B}[0m",
                    "  \u{1B}[32min the grass,\u{1B}[0m over the dog.", "  狐狸跳过了狗", "",
                ].joined(separator: "\r\n")), "\(shown.debugDescription)")
    }

    @Test("a pager that ends early is no error")
    func pagerEnds() async throws {
        let state = try await CommandState()
        let text = (0..<6_000).map { "Line \($0)" }
        _ = try await state.commit("huge.txt", title: "Huge", text.joined(separator: "\n"), after: 40)
        let id = try await state.commit("huge.txt", title: "Huge", (text + ["End"]).joined(separator: "\n"), after: 41)
        let shown = try await Terminal.shows {
            try RunningProgram(
                ["diff", id, "--full", "--config", state.settings], environment: ["TZ": "UTC", "PATH": "/usr/bin:/bin", "PAGER": "head -n 1"], output: $0)
        }
        #expect(shown.hasSuffix("\(id)@1  2026-02-02 02:40:40\u{1B}[0m\r\n"))
    }
}
