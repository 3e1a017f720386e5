import Foundation
import Glibc
import TestSupport
import Testing

/// What a person finds with `tidings search`, with and without a daemon, and what becomes of an index that somebody removes.
@Suite(.timeLimit(.minutes(5))) struct SearchTests {
    private func found(_ query: String, in tidings: Installation) async throws -> [String] {
        let result = try await tidings.run("search", "--json", query)
        guard result.status == 0 else { return ["\(result.status)"] }
        return result.output.split(separator: "\n").compactMap { line in
            let hit = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return hit.map { "\($0["title"] ?? "-") @\($0["version"] ?? "-")" }
        }.sorted()
    }

    @Test("a text is found after one pass without a daemon; under a daemon an edit is found, and a removed index comes back")
    func finds() async throws {
        let tidings = try Installation()
        let index = tidings.state + "/db/search.db"
        try tidings.write("Port opens\n\nThe third crane of Łódź stands at the quay since the morning.\n", to: "port.txt")
        try tidings.write("图书馆开放\n\n今天北京大学开放了新的图书馆。\n", to: "library.txt")
        try await tidings.once()
        #expect(try await found("\"third crane\" lodz", in: tidings) == ["Port opens @1"])
        #expect(try await found("大学", in: tidings) == ["图书馆开放 @1"])
        #expect(try await found("crane -quay", in: tidings) == [])
        #expect(try await tidings.run("search", "\"(").status == EX_USAGE)

        let daemon = try await tidings.daemon()
        try tidings.edit("port.txt", "third", "fourth")
        let deadline = ContinuousClock.now + .seconds(Installation.patienceSeconds)
        /// Within a time: the index lags.
        func finds(_ query: String, _ expected: [String]) async throws -> Bool {
            while ContinuousClock.now < deadline {
                if try await found(query, in: tidings) == expected { return true }
            }
            return false
        }
        #expect(try await finds("fourth", ["Port opens @2"]))
        #expect(try await found("third", in: tidings) == [])
        let answer = try await RunningProgram(
            [
                "-s", "--unix-socket", tidings.state + "/api.sock", "-w", "%{http_code} %header{link}",
                "http://localhost/v1/search?q=stands%20-third&source=news&limit=1",
            ], of: URL(filePath: "/usr/bin/curl")
        ).result()
        #expect(answer.output.contains(#""version":2,"title":"Port opens","source":"news""#), "\(answer.output)")
        #expect(answer.output.contains(#"{"text":"stands","hit":true}"#) && answer.output.hasSuffix("\n200 "))
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: index + suffix) }
        #expect(try await finds("fourth", ["Port opens @2"]), "removed under the daemon")
        try await daemon.stop()

        try FileManager.default.removeItem(atPath: index)
        let without = try await tidings.run("search", "crane")
        #expect(without.status == EX_UNAVAILABLE)
        #expect(without.errors.contains("there is no search index; the daemon makes it from the database"))
        try tidings.remove("library.txt")
        try await tidings.once()
        #expect(try await found("fourth", in: tidings) == ["Port opens @2"])
        #expect(try await found("大学", in: tidings) == [])
        try await tidings.expectSound()
    }
}
