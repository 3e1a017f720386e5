import Foundation
import TestSupport
import Testing
import TidingsServer

@testable import TidingsDaemon

@Suite("tidings status, check, verify, and the daemon's commands")
struct CommandStateTests {
    @Test("status --json has daemon, stream and sources under stable keys")
    func statusJSON() async throws {
        let state = try await CommandState()
        try await state.commitGull(1)
        let result = try await state.run("status", "--json")
        #expect(result.status == 0)
        let report = try json(result.output)
        #expect((report["daemon"] as? [String: Any])?["running"] as? Bool == false)
        let stream = try #require(report["stream"] as? [String: Any])
        #expect([stream["committed"], stream["published"], stream["lag"]].map { $0 as? Int } == [7, 6, 1])
        let sources = try #require(report["sources"] as? [[String: Any]])
        #expect(sources.map { $0["name"] as? String } == ["harbour", "far-coast"])
        #expect(sources.map { $0["state"] as? String } == ["ok", "failing"])
        #expect(sources[1]["detail"] as? String == "the server says 503; it is asked again in an hour")
        #expect(sources[1]["next_due"] as? String == "2026-02-02T03:40:00.000Z")
        #expect(sources[1]["due_reason"] as? String == "retry_after")
        #expect(sources[1]["http_status"] as? Int == 503)
        #expect(sources[1]["failure"] as? String == "throttled")
        #expect(sources[0]["articles"] as? Int == 3)
        #expect(sources[0]["changes"] as? [String: Int] == ["created": 3, "updated": 1])
        #expect(sources[1]["changes"] as? [String: Int] == ["state": 1])
    }

    @Test("status tells people which daemon runs, what fails and how far the stream is")
    func status() async throws {
        let state = try await CommandState()
        let stopped = try await state.run("status")
        #expect(stopped.output.contains("not running; start it with `tidings run`"))
        #expect(stopped.output.contains("change 6, all published"))
        #expect(stopped.output.contains("    the server says 503"))
        let feed = try #require(stopped.lines.first { $0.hasPrefix("far-coast") })
        #expect(feed.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.suffix(5) == ["now", "retry after", "503", "0", "0"])
        let lock = try StateLock(state.folder)
        #expect(try await state.run("status").output.contains("running, pid \(getpid())"))
        withExtendedLifetime(lock) {}
    }

    @Test("status fits the terminal, says nothing twice or with blanks, and only counts what is configured no longer", arguments: [60, 200])
    func statusOnTerminal(columns: Int) async throws {
        let state = try await CommandState()
        try await state.replaceFeed()
        let shown = try await Terminal.shows(columns: columns) { try state.start("status", output: $0, environment: $1) }
        let lines = shown.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropLast().map(String.init)
        #expect(lines.allSatisfy { $0.count <= columns })
        #expect(lines.allSatisfy { $0.last != " " })
        let heading = try #require(lines.first { $0.hasPrefix("SOURCE") })
        #expect(heading.contains("WHY THEN") == (columns == 200))
        let feed = try #require(lines.first { $0.hasPrefix("near-coast") })
        #expect(feed.contains("  not read yet  "))
        #expect(!shown.contains("far-coast"))
        #expect(lines.last == "1 source no longer configured; --all lists them")
        #expect(lines.count == 11)
    }

    @Test("status --check is one line and an exit status for monitors")
    func statusForMonitors() async throws {
        let state = try await CommandState()
        let stopped = try await state.run("status", "--check")
        #expect(stopped.status == 2)
        #expect(stopped.output == "TIDINGS CRITICAL - no daemon runs; failing: far-coast; 2 sources, change 6\n")
        let lock = try StateLock(state.folder)
        let failing = try await state.run("status", "--check", "--json")
        #expect(failing.status == 1)
        let report = try json(failing.output)
        #expect((report["check"] as? [String: Any])?["status"] as? String == "warning")
        #expect((report["check"] as? [String: Any])?["problems"] as? [String] == ["failing: far-coast"])
        #expect((report["sources"] as? [Any])?.count == 2)
        try await state.replaceFeed()
        try state.publish()
        let well = try await state.run("status", "--check")
        #expect(well.status == 0)
        #expect(well.output == "TIDINGS OK - 2 sources, change 8\n")
        #expect([stopped, failing, well].allSatisfy { $0.errors == "" })
        let all = try await state.run("status", "--all").lines
        #expect(all.contains { $0.hasPrefix("far-coast") && $0.contains("  not configured  ") } && !all.contains { $0.contains("no longer") })
        withExtendedLifetime(lock) {}
        try FileManager.default.removeItem(atPath: state.folder.path)
        let missing = try await state.run("status", "--check")
        #expect(missing.status == 2)
        #expect(missing.output == "TIDINGS CRITICAL - there is no state at \(state.folder.path)\n")
    }

    @Test("status --check warns of changes that are not published, removals that are held, and what a daemon says of itself")
    func checkOfState() async throws {
        let state = try await CommandState()
        try await state.commitGull(1)
        let status = try state.folder.status()
        #expect(StateCheck(status, lag: 0).problems == ["no daemon runs", "failing: far-coast"])
        #expect(StateCheck(status, lag: 1).problems == ["no daemon runs", "the change files lack 1 change", "failing: far-coast"])
        try await state.holdRemovals()
        #expect(StateCheck(try state.folder.status(), lag: 0).problems.last == "removals held: harbour")
    }

    @Test("verify finds nothing wrong with a sound state")
    func verifySound() async throws {
        let state = try await CommandState()
        try await state.commitGull(1)
        let result = try await state.run("verify")
        #expect(result.status == 0)
        #expect(result.lines == [
            "database: 3 articles, 4 versions, 4 contents, 7 changes",
            "stream: 1 file, 6 lines equal to the ledger, 1 not published yet", "nothing is wrong",
        ])
    }

    @Test("verify names the line of a change file that somebody edited")
    func verifyEdited() async throws {
        let state = try await CommandState()
        let file = state.folder.streamFolder + "/changes.ndjson"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("Gulls", with: "Birds").write(toFile: file, atomically: false, encoding: .utf8)
        let result = try await state.run("verify")
        #expect(result.status == 65)
        #expect(result.output.contains("changes.ndjson:6: change 5: differs from the ledger"))
        #expect(result.errors == "tidings: 1 problem found\n")
    }

    @Test("check names file, line and column of a mistake, and exits 78")
    func check() async throws {
        let state = try await CommandState()
        #expect(try await state.run("check").output.contains("nothing is wrong; 1 folder, 1 feed"))
        try "state: state\nfolders:\n  - { name: harbour, path: harbour, pth: harbour }\n".write(
            toFile: state.settings, atomically: true, encoding: .utf8)
        let result = try await state.run("check")
        #expect(result.status == 78)
        #expect(result.errors.hasPrefix("\(state.settings):3:"))
        #expect(result.errors.contains("unknown key 'pth'"))
        #expect(result.output == "")
        // Whoever reads the state meanwhile is not disturbed.
        #expect(try await state.run("status").status == 0)
        let json = try await state.run("check", "--json")
        #expect(json.status == 78)
        #expect(json.output.hasPrefix(#"{"settings":"\#(state.settings)","valid":false,"mistakes":[{"line":3,"column":"#))
    }

    @Test("check warns of what is missing or may not be read on this machine, and exits 0")
    func placesOfSettings() async throws {
        let state = try await CommandState()
        try FileManager.default.removeItem(atPath: state.folder.path + "/../harbour")
        let result = try await state.run("check")
        #expect(result.status == 0)
        #expect(result.output.contains("state in \(state.folder.path), where no daemon runs"))
        #expect(result.errors.contains("warning: harbour: ") && result.errors.contains("/harbour: is missing; make or mount it"))
    }

    @Test("without state, commands say so and exit 69", arguments: ["status", "list", "verify", "tail", "rotate"])
    func noState(command: String) async throws {
        let state = try await CommandState()
        try FileManager.default.removeItem(atPath: state.folder.path)
        let result = try await state.run(command)
        #expect(result.status == 69)
        #expect(result.errors.contains("tidings run") || result.errors.contains("is the daemon running"))
        #expect(result.output == "")
    }

    @Test("reload, rotate and reingest reach the daemon, and its answer is the exit status", arguments: [
        (arguments: ["reload"], reply: ControlReply(.badSettings, "line 3"), status: 78),
        (arguments: ["rotate"], reply: ControlReply(.done, "rotated"), status: 0),
        (arguments: ["reingest", "a", "b", "--accept-removals"], reply: ControlReply(.badRequest, "no source 'a'"), status: 64),
        (arguments: ["reingest"], reply: ControlReply(.notNow, "stopping"), status: 75),
    ] as [(arguments: [String], reply: ControlReply, status: Int32)])
    func control(arguments: [String], reply: ControlReply, status: Int32) async throws {
        let state = try await CommandState()
        let expected: ControlRequest =
            switch arguments[0] {
            case "reload": .reload
            case "rotate": .rotate
            default:
                .reingest(
                    sources: arguments.dropFirst().filter { !$0.hasPrefix("-") }, acceptsRemovals: arguments.contains("--accept-removals"))
            }
        let control = FakeControl { request, _ in request == expected ? reply : ControlReply(.failed, "got \(request)") }
        try await control.serving(state.folder) {
            for isJSON in [true, false] {
                let result = try await RunningProgram(arguments + ["--config", state.settings] + (isJSON ? ["--json"] : [])).result()
                #expect(result.status == status)
                #expect(result.errors == (isJSON ? "" : "tidings: \(reply.message)\n"))
                #expect(result.output == (isJSON ? String(decoding: reply.json, as: UTF8.self) + "\n" : ""))
            }
        }
    }

    @Test("without a daemon these exit 69 and say how to start one", arguments: ["reload", "rotate", "reingest"])
    func noDaemon(command: String) async throws {
        let state = try await CommandState()
        let result = try await state.run(command)
        #expect(result.status == 69)
        #expect(result.errors.contains("start it with `tidings run`"))
    }
}
