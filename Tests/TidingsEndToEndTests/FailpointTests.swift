import Foundation
import Glibc
import TestSupport
import Testing
import TidingsFailpoints

/// The program dies at a step, dies once more while it recovers, and then may go on. Nobody who looked at the stream meanwhile has
/// seen anything that does not hold.
@Suite(.timeLimit(.minutes(isLongRun ? 120 : 10)))
struct FailpointTests {
    @Test("nothing is lost or said twice, whatever step is the last", arguments: StepScenario.all)
    func deathAtEachStep(_ scenario: StepScenario) async throws {
        let prepared = try StepScenario.installation()
        try await scenario.prepare(prepared)
        let reached = try await scenario.stepsReached(from: prepared.base)
        // Whoever takes a step away, or adds one in another place, is to know what dies there no longer.
        #expect(scenario.steps.subtracting(reached) == [], "steps that were not met in \(scenario.name)")

        let deaths = isLongRun ? Self.all(reached.count) : Self.distinct(reached)
        let died = await forEachRow(of: deaths) { [base = prepared.base] death in
            try await death.survived(scenario, from: base)
        }
        print("\(scenario.name): \(died.reduce(0) { $0 + $1.first }) deaths, \(died.reduce(0) { $0 + $1.second }) second ones")
        #expect(died.allSatisfy { $0.first > 0 } || isLongRun, "each step that was met is one to die at")
        #expect(died.contains { $0.second > 0 }, "and some of the steps after it")
    }

    /// One death for each step that is reached, in the middle of the times that it is; then one at the step that comes after it.
    private static func distinct(_ reached: [Failpoint]) -> [Deaths] {
        let steps = reached.reduce(into: [Failpoint]()) { if !$0.contains($1) { $0.append($1) } }
        return steps.indices.map { index in
            let count = reached.count { $0 == steps[index] }
            let next = steps[(index + 1) % steps.count]
            return Deaths(first: "\(steps[index].rawValue)=kill@\((count + 1) / 2)", second: "\(next.rawValue)=kill")
        }
    }

    /// A death at each step, whenever it is reached; then one at each step of the start after it.
    private static func all(_ count: Int) -> [Deaths] { (1...count).map { Deaths(first: "*=kill@\($0)", second: nil) } }

    @Test func everyStepIsOneOfAScenario() {
        // Steps of commands beside the daemon: `BackupTests` and `CursorTests` die at each.
        let elsewhere: Set<Failpoint> = [.replacementWritten, .replacementSynced, .replacementRenamed]
        let covered = StepScenario.all.reduce(into: elsewhere) { $0.formUnion($1.steps) }
        #expect(Failpoint.allCases.filter { !covered.contains($0) }.map(\.rawValue) == [])
    }
}

/// A death at a step, another at a step of the start after it, and a start that gets through.
private struct Deaths: Sendable {
    let first: String
    /// Nil: at each step that there is, in a life of its own.
    let second: String?

    /// - Returns: how many times the first start died, and the second.
    func survived(_ scenario: StepScenario, from prepared: String) async throws -> (first: Int, second: Int) {
        if let second { return try await survived(scenario, from: prepared, second) }
        var all = (first: 0, second: 0)
        for number in 1... {
            let died = try await survived(scenario, from: prepared, "*=kill@\(number)")
            all = (all.first + died.first, all.second + died.second)
            if died.second == 0 { break }
        }
        return all
    }

    private func survived(
        _ scenario: StepScenario, from prepared: String, _ second: String
    ) async throws -> (first: Int, second: Int) {
        let tidings = try StepScenario.installation(like: prepared)
        let note = "\(scenario.name), \(first), then \(second)"
        let start = try tidings.changeBeforeLiveFile()
        let follower = try Follower(tidings.changeFile, after: start)
        var reader = Rereader(toleratesDamage: scenario.isDamaged)
        try reader.look(at: tidings, after: note)
        let hasDied = try await Self.dies(tidings, at: first, note)
        try reader.look(at: tidings, after: note)
        let hasDiedAgain = try await Self.dies(tidings, at: second, note)
        try reader.look(at: tidings, after: note)
        try await tidings.once()
        try reader.look(at: tidings, after: note)
        try await follower.catchUp(with: tidings)
        // New readers are a process each: at one step is enough.
        try await scenario.expectPromises(
            of: tidings, to: follower.observation.firstSights, and: reader.observation, after: note,
            resuming: isLongRun || first.hasPrefix(Failpoint.appendWritten.rawValue))
        return (hasDied ? 1 : 0, hasDiedAgain ? 1 : 0)
    }

    private static func dies(_ tidings: Installation, at plan: String, _ note: String) async throws -> Bool {
        let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": plan]).result()
        if result.status == 128 + SIGKILL { return true }
        #expect(result.status == 0, "\(note): \(result.errors)")
        return false
    }
}
