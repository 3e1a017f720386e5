import Foundation
import TestSupport
import Testing

/// What is read over HTTP, with curl, from the real daemon.
@Suite("over HTTP", .timeLimit(.minutes(2))) struct HTTPTests {
    /// An answer: status, header fields by their names in lower case, body.
    private struct Answer {
        let status: Int
        let fields: [String: String]
        let body: String
        var lines: [String] { body.split(separator: "\n").map(String.init) }
        /// The path of the next part.
        var next: String? { fields["link"].flatMap { $0.firstMatch(of: /<([^>]*)>; rel="next"/).map { String($0.1) } } }
    }

    private static func curl(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(["-sS", "--max-time", "20"] + arguments, of: URL(fileURLWithPath: "/usr/bin/curl"))
    }

    private static func get(_ target: String, _ arguments: [String] = [], of tidings: Installation) async throws -> Answer {
        try await ask(["--unix-socket", tidings.state + "/api.sock", "http://localhost" + target] + arguments)
    }

    private static func ask(_ arguments: [String]) async throws -> Answer {
        answer(try await curl(["-i"] + arguments).result())
    }

    private static func answer(_ result: ProgramResult) -> Answer {
        #expect(result.status == 0, "\(result.errors)")
        let parts = result.output.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let head = parts[0].split(separator: "\r\n")
        let fields = head.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (line[..<colon].lowercased(), String(line[colon...].dropFirst(2)))
        }
        return Answer(
            status: Int(head[0].split(separator: " ")[1]) ?? 0, fields: Dictionary(fields) { $0 + "," + $1 },
            body: parts.count > 1 ? String(parts[1]) : "")
    }

    private static let settings = Installation.oneFolder + "stream: { rotate_spacing: 1s }\n"

    @Test("the stored bytes, a part after a part, whatever file they are in")
    func parts() async throws {
        let tidings = try Installation(Self.settings)
        for number in 1...4 { try tidings.write("Entry \(number)\n\nThe ferry carried \(number) people and two goats.\n", to: "\(number).txt") }
        try await tidings.once()
        let daemon = try await tidings.daemon()
        _ = try await tidings.run("rotate")
        try await tidings.wait("there is a second file") {
            try FileManager.default.contentsOfDirectory(atPath: tidings.state + "/stream").filter { $0.hasPrefix("changes-") }.count == 1
        }
        for number in 5...7 { try tidings.write("Entry \(number)\n\nThe ferry carried \(number) people and a goat.\n", to: "\(number).txt") }
        try await tidings.waitForLines(8)

        var lines: [String] = []
        var next = "/v1/changes?since=0&limit=3"
        while true {
            let part = try await Self.get(next, of: tidings)
            #expect(part.status == 200 && part.fields["content-type"] == "application/x-ndjson")
            lines += part.lines
            #expect(part.fields["tidings-next"] == "\(lines.count)")
            guard let link = part.next, !part.lines.isEmpty else { break }
            #expect(link == "/v1/changes?since=\(lines.count)&limit=3")
            next = link
        }
        #expect(lines == (try tidings.rawLines()))
        #expect(try await Self.get("/v1/changes?since=3&type=created&source=news&limit=2", of: tidings).lines == Array(lines[3...4]))

        // A question that waits is answered by what comes.
        let waiting = try Self.curl(["-i", "--unix-socket", tidings.state + "/api.sock", "http://localhost/v1/changes?since=8&wait=15s"])
        try tidings.write("Late entry\n\nThe last ferry carried nobody and no goat.\n", to: "late.txt")
        let late = Self.answer(await waiting.result())
        #expect(late.lines == [try #require(try tidings.rawLines().last)])
        let text = try await Self.get("/v1/changes?since=8&with=text", of: tidings)
        #expect(text.body.contains(#""content_text":"The last ferry carried nobody and no goat.""#))

        let stream = try #require(late.fields["tidings-stream"])
        #expect(try await Self.get("/v1/changes?since=8&stream=\(stream)", of: tidings).status == 200)
        let other = try await Self.get("/v1/changes?since=8&stream=urn:uuid:00000000-0000-4000-8000-000000000000", of: tidings)
        #expect(other.status == 409 && other.fields["content-type"] == "application/problem+json" && other.body.contains("another id"))
        let future = try await Self.get("/v1/changes?since=99", of: tidings)
        #expect(future.status == 409 && future.body.contains(#""oldest":1,"newest":9,"snapshot":"/v1/snapshot""#))
        for (query, detail) in [
            ("sinse=1", "do you mean 'since'?"), ("since=x", "'since' is a whole number"), ("limit=0", "'limit' is a whole number from 1"),
            ("type=edited", "'edited' is no type of change"), ("wait=2h", "'wait' is a time up to 1m"), ("class=big", "'class' is one of"),
        ] {
            let refused = try await Self.get("/v1/changes?" + query, of: tidings)
            #expect(refused.status == 400 && refused.body.contains(detail), "\(query): \(refused)")
        }
        try await daemon.stop()
    }

    @Test("server-sent events go on where the last one was, and end when the daemon stops")
    func events() async throws {
        let tidings = try Installation(Self.settings)
        let daemon = try await tidings.daemon()
        try tidings.write(Articles.byline, to: "byline.txt")
        try await tidings.waitForLines(2)
        let socket = ["--unix-socket", tidings.state + "/api.sock", "-N", "-H", "Accept: text/event-stream"]
        let all = try Self.curl(socket + ["http://localhost/v1/changes?since=0"])
        let later = try Self.curl(socket + ["-H", "Last-Event-ID: 2", "http://localhost/v1/changes?since=0"])
        let new = try Self.curl(socket + ["http://localhost/v1/changes/stream"])
        try await tidings.wait("all have begun") { [all, later, new].allSatisfy { $0.output.hasPrefix("retry: 2000\n\n") } }
        try tidings.write(Articles.scroll, to: "scroll.txt")
        try await tidings.wait("all have the last") { [all, later, new].allSatisfy { $0.output.contains("id: 3\n") } }
        let start = ContinuousClock.now
        try await daemon.stop()
        #expect(ContinuousClock.now - start < .seconds(3), "followers hold up no stop")
        let lines = try tidings.rawLines()
        for (follower, first) in [(all, 1), (later, 3), (new, 3)] {
            #expect(await follower.result().status == 0)
            let expected = lines.dropFirst(first - 1).enumerated().map { "id: \(first + $0.offset)\ndata: \($0.element)\n\n" }.joined()
            #expect(follower.output == "retry: 2000\n\n" + expected)
        }
    }

    @Test("articles, their versions and differences, in the forms that were asked for")
    func articles() async throws {
        let tidings = try Installation(Self.settings)
        try tidings.write("Harbour fees\n\nThe board raised the fee to 12 crowns.\nSkippers *keep* the old price.\n", to: "a.txt")
        try tidings.write("Tide table\n\nThe tide comes at noon, says the office.\n", to: "b.txt")
        let daemon = try await tidings.daemon()
        let lines = try await tidings.waitForLines(3)
        let id = try #require(lines.first { $0.message.contains("Harbour") }?.subject ?? lines[1].subject)
        try tidings.edit("a.txt", "12", "15")
        try await tidings.waitForLines(4)

        let list = try await Self.get("/v1/articles?limit=1", of: tidings)
        #expect(list.lines.count == 1 && list.lines[0].contains(id))
        let rest = try await Self.get(try #require(list.next), of: tidings)
        #expect(rest.lines.count == 1 && rest.lines[0].contains("Tide table") && rest.next == nil)
        #expect(try await Self.get("/v1/articles?words=tid", of: tidings).lines.count == 1)
        #expect(try await Self.get("/v1/articles", ["-H", "If-None-Match: \(try #require(list.fields["etag"]))"], of: tidings).status == 304)
        #expect(try await Self.get("/v1/articles?source=nws", of: tidings).status == 404)

        let article = try await Self.get("/v1/articles/\(id)", of: tidings)
        #expect(article.body.contains(#""newest":{"version":2"#) && article.body.contains("15 crowns"))
        #expect(try await Self.get("/v1/articles/\(id)/versions", of: tidings).lines == (try await tidings.run("log", id, "--json").lines))
        let version = "/v1/articles/\(id)/versions/1"
        #expect(try await Self.get(version, of: tidings).lines == (try await tidings.run("show", "\(id)@1", "--json").lines))
        let text = try await Self.get(version, ["-H", "Accept: text/plain"], of: tidings)
        #expect(try await text.body == tidings.run("show", "\(id)@1").output)
        let markdown = try await Self.get(version, ["-H", "Accept: text/markdown, text/plain;q=0.5"], of: tidings)
        #expect(markdown.body == "# Harbour fees\n\nThe board raised the fee to 12 crowns.\n\nSkippers \\*keep\\* the old price.\n\n")
        #expect(markdown.fields["vary"] == "Accept" && markdown.fields["etag"] != text.fields["etag"])
        #expect(try await Self.get("/v1/articles/\(id)/versions/3", of: tidings).status == 404)
        #expect(try await Self.get("/v1/articles/aaaaaaaaaaaaaaaaaaaaaaaaaa", of: tidings).status == 404)

        let difference = try await Self.get("/v1/articles/\(id)/diff", ["-H", "Accept: text/x-diff"], of: tidings)
        let view = try await Self.get("/v1/articles/\(id)/diff?from=1", ["-H", "Accept: text/html"], of: tidings)
        #expect(view.status == 200 && view.fields["content-type"] == "text/html; charset=utf-8")
        #expect(view.body.contains("What changed from version 1 to version") && view.body.contains("<del"))
        #expect(difference.body == """
            --- \(id)@1
            +++ \(id)@2
            @@ -1,4 +1,4 @@
             Harbour fees
             \n-The board raised the fee to 12 crowns.
            +The board raised the fee to 15 crowns.
             Skippers *keep* the old price.

            """)
        #expect(try await Self.get("/v1/articles/\(id)/diff?from=1&to=2", of: tidings).lines == (try await tidings.run("diff", id, "--json").lines))

        let snapshot = try await Self.get("/v1/snapshot?with=text&source=news", of: tidings).lines
        let own = try await tidings.run("snapshot", "--with-text", "--source", "news").lines
        #expect(snapshot.count == 4 && Array(snapshot[1...2]) == Array(own[1...2]))
        #expect(snapshot.last?.contains("tidings.snapshot.end") == true)
        let status = try await Self.get("/v1/status", of: tidings)
        #expect(status.body.contains(#""committed":4"#) && !status.body.contains(tidings.base), "paths are not told")
        #expect(try await Self.get("/v1/sources/news", of: tidings).body.contains(#""articles":2"#))
        #expect(try await Self.get("/v1/sources/nws", of: tidings).status == 404)
        #expect(try await Self.get("/v1/nothing", of: tidings).status == 404)
        let post = try await Self.get("/v1/reload", ["-X", "POST"], of: tidings)
        #expect(post.status == 405, "who reads commands nothing")

        for _ in 1...5 { #expect(try await Self.get("/v1/snapshot", ["-I"], of: tidings).status == 200, "HEAD takes no place for good") }
        try tidings.write("---\ntitle: Fog\nauthor: Ida\n---\n\nFog lies over the bay.\n", to: "c.md")
        let fog = "/v1/articles/\(try #require(try await tidings.waitForLines(5).last?.subject))/diff"
        try tidings.edit("c.md", "Ida", "Ole")
        try await tidings.waitForLines(6)
        let tag = try await Self.get(fog, of: tidings).fields["etag"]
        try tidings.edit("c.md", "Ole", "Una")
        try await tidings.waitForLines(7)
        #expect(try await Self.get(fog, of: tidings).fields["etag"] != tag, "versions that differ in their authors alone")
        try await daemon.stop()
    }

    @Test("on a port, only by its own names; on an open one, only with the token")
    func access() async throws {
        let tidings = try Installation()
        let token = tidings.base + "/token"
        try "a-long-and-random-word\n".write(toFile: token, atomically: true, encoding: .utf8)
        let port = try freePort(), open = try freePort()
        try tidings.write(settings: Installation.oneFolder + "http: { listen: '127.0.0.1:\(port)', hosts: [tidings.test], cors: ['https://a.test'] }\n")
        let daemon = try await tidings.daemon()
        let address = "http://127.0.0.1:\(port)/v1/changes"
        #expect(try await Self.ask([address]).status == 200)
        #expect(try await Self.ask([address, "-H", "Host: tidings.test:\(port)"]).status == 200)
        #expect(try await Self.ask([address, "-H", "Host: rebound.test"]).status == 421)
        #expect(try await Self.ask([address, "-H", "Origin: https://a.test"]).fields["access-control-allow-origin"] == "https://a.test")
        #expect(try await Self.ask([address, "-H", "Origin: https://b.test"]).fields["access-control-allow-origin"] == nil)
        try await daemon.stop()

        try tidings.write(settings: Installation.oneFolder + "http: { listen: '0.0.0.0:\(open)' }\n")
        let check = try await tidings.run("check")
        #expect(check.status == 78 && check.errors.contains("there is no token"), "\(check)")
        try tidings.write(settings: Installation.oneFolder + "http: { listen: '0.0.0.0:\(open)', token_file: token }\n")
        let guarded = try await tidings.daemon()
        let other = "http://127.0.0.1:\(open)/v1/changes"
        let refused = try await Self.ask([other])
        #expect(refused.status == 401 && refused.fields["www-authenticate"] == #"Bearer realm="tidings""#)
        #expect(try await Self.ask([other, "-H", "Authorization: Bearer a-long-and-random-wore"]).status == 401)
        #expect(try await Self.ask([other, "-H", "Authorization: bearer a-long-and-random-word"]).status == 200)
        #expect(!guarded.program.errors.contains("random"), "no token in the log")
        try await guarded.stop()
    }
}

/// A port that nobody listens at.
private func freePort() throws -> Int {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(number) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            unsafe bind(number, pointer, length) + getsockname(number, pointer, &length)
        }
    }
    try #require(code == 0)
    return Int(UInt16(bigEndian: address.sin_port))
}
