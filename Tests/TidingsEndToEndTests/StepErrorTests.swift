import Foundation
import Glibc
import TestSupport
import Testing
import TidingsFailpoints

@testable import TidingsStore

/// The program meets an error of the disk at a step. It waits and goes on, or ends with a status that says why; the next start makes
/// everything right.
@Suite(.timeLimit(.minutes(30)))
struct StepErrorTests {
    private static let errors = ["EIO", "ENOSPC", "EROFS"]
    private static let scenarios = [StepScenario.changes, .rotation, .restoration]

    @Test("an error at any step loses nothing", arguments: isLongRun ? StepScenario.all : scenarios)
    func errorAtEachStep(_ scenario: StepScenario) async throws {
        let prepared = try StepScenario.installation()
        try await scenario.prepare(prepared)
        let reached = try await scenario.stepsReached(from: prepared.base)
        let statuses = await forEachRow(of: Self.plans(scenario, reached)) { [base = prepared.base] plan in
            try await Self.meet(plan, scenario, from: base)
        }.compactMap(\.self)
        let counts = Dictionary(grouping: statuses, by: \.self).mapValues(\.count).sorted { $0.key < $1.key }
        print("\(scenario.name): \(statuses.count) errors, exit statuses \(counts)")
        #expect(statuses.count >= Set(reached).count, "each step that was met is one to fail at")
    }

    /// In the long form each error whenever a step is reached. Else an error for each step, another in each scenario; and one that no
    /// program can wait out, EIO, whenever a step of the first scenario is reached.
    private static func plans(_ scenario: StepScenario, _ reached: [Failpoint]) -> [String] {
        if isLongRun { return (1...reached.count).flatMap { number in errors.map { "*=\($0)@\(number)" } } }
        if scenario.name == scenarios[0].name { return (1...reached.count).map { "*=EIO@\($0)" } }
        let shift = scenario.name == scenarios[1].name ? 1 : 2
        return Failpoint.allCases.enumerated().filter { reached.contains($0.element) }.map { index, step in
            "\(step.rawValue)=\(errors[(index + shift) % errors.count])"
        }
    }

    /// - Returns: the exit status; nil if the plan was for a step that did not come.
    private static func meet(_ plan: String, _ scenario: StepScenario, from prepared: String) async throws -> Int32? {
        let tidings = try StepScenario.installation(like: prepared)
        let note = "\(scenario.name), \(plan)"
        let start = try tidings.changeBeforeLiveFile()
        let follower = try Follower(tidings.changeFile, after: start)
        var reader = Rereader(toleratesDamage: scenario.isDamaged)
        try reader.look(at: tidings, after: note)
        let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": plan]).result()
        let step = result.errors.firstMatch(of: /failpoint ([a-z_.]+)/).map { String($0.1) }
        try reader.look(at: tidings, after: note)
        // What may pass by itself fails a look, which the daemon takes again: with --once that is 1.
        let expected = plan.contains("EIO") ? [EXIT_SUCCESS, EX_IOERR] : [EXIT_SUCCESS, EXIT_FAILURE, EX_IOERR, EX_TEMPFAIL]
        #expect(expected.contains(result.status), "\(note) at \(step ?? "no step"): \(result.errors)")
        if let step, step.hasSuffix(".synced") {
            // What the disk has is unknown now: only a new start can tell.
            #expect(result.status == EX_IOERR, "\(note) at \(step): \(result.errors)")
        }
        if step == nil || result.status != EXIT_SUCCESS { try await tidings.once() }
        try reader.look(at: tidings, after: note)
        try await follower.catchUp(with: tidings)
        try await scenario.expectPromises(
            of: tidings, to: follower.observation.firstSights, and: reader.observation, after: note, resuming: isLongRun)
        return step == nil ? nil : result.status
    }

    @Test("a database of a later program is refused by each command, and nothing is touched")
    func newerDatabase() async throws {
        let tidings = try StepScenario.installation()
        try await StepScenario.arrivals.prepare(tidings)
        try await tidings.once()
        let database = tidings.state + "/db/tidings.db"
        do {
            let later = try Connection(path: database, access: .write)
            try later.execute("PRAGMA user_version = \(Schema.steps.count + 1)")
        }
        func bytes() -> [Data?] { [database, tidings.changeFile].map { FileManager.default.contents(atPath: $0) } }
        let before = bytes()
        for command in [["run", "--once"], ["run"], ["verify"], ["list"]] {
            let result = try await tidings.start(command).result()
            #expect(result.status == EX_CONFIG, "\(command): \(result.errors)")
            #expect(result.errors.contains("use that version"), "\(command): \(result.errors)")
        }
        #expect(bytes() == before)
        // Who reads a database in WAL mode has to make an empty log beside it.
        #expect(FileManager.default.contents(atPath: database + "-wal")?.isEmpty ?? true)
    }
}
