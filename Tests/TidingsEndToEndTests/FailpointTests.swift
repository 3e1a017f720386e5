import Foundation
import Glibc
import TestSupport
import Testing
import TidingsFailpoints

/// The program dies at its first step, at its second, and so on until it gets through; each time it dies once more while it
/// recovers, and then may go on. Nobody who looked at the stream meanwhile has seen anything that does not hold.
@Suite(.timeLimit(.minutes(30)))
struct FailpointTests {
    /// Trials that run at the same time.
    private static let width = 2

    @Test("nothing is lost or said twice, whatever step is the last", arguments: StepScenario.all)
    func deathAtEachStep(_ scenario: StepScenario) async throws {
        let seed = ProcessInfo.processInfo.environment["TIDINGS_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
        var dice = Seeded(seed: seed)
        let prepared = try StepScenario.installation()
        try await scenario.prepare(prepared)
        try await expectSteps(of: scenario, from: prepared.base)
        var deaths = 0
        var first = 1
        var hasEnded = false
        while !hasEnded {
            let wave = first..<first + Self.width
            try await withThrowingTaskGroup(of: Trial.self) { group in
                for number in wave {
                    let second = Int.random(in: 1...12, using: &dice)
                    group.addTask { [base = prepared.base] in
                        try await Trial.series(scenario, from: base, first: number, second: second, seed: seed)
                    }
                }
                for try await trial in group {
                    deaths += trial.deaths
                    hasEnded = hasEnded || !trial.hasDied
                }
            }
            first += Self.width
        }
        print("\(scenario.name): \(deaths) deaths, TIDINGS_TEST_SEED=\(seed)")
    }

    /// Whoever takes a step away, or adds one in another place, is to know what dies there no longer.
    private func expectSteps(of scenario: StepScenario, from prepared: String) async throws {
        let tidings = try StepScenario.installation(like: prepared)
        let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": "*=tell@1-"]).result()
        #expect(result.status == 0, "\(result.errors)")
        let reached = result.errors.matches(of: /failpoint ([a-z_.]+)/).map { String($0.1) }
        let missing = scenario.steps.map(\.rawValue).filter { !reached.contains($0) }.sorted()
        #expect(missing == [], "steps that were not met in \(scenario.name)")
    }

    @Test func everyStepIsOneOfAScenario() {
        // Steps of commands beside the daemon: `BackupTests` and `CursorTests` die at each.
        let elsewhere: Set<Failpoint> = [.replacementWritten, .replacementSynced, .replacementRenamed]
        let covered = StepScenario.all.reduce(into: elsewhere) { $0.formUnion($1.steps) }
        #expect(Failpoint.allCases.filter { !covered.contains($0) }.map(\.rawValue) == [])
    }
}

/// One life of an installation: a death at a step, another at a step of the start after it, and a start that gets through.
private struct Trial {
    /// Whether the first start died.
    var hasDied = false
    var deaths = 0

    /// With the given second death; in the long form with each that there is.
    static func series(
        _ scenario: StepScenario, from prepared: String, first: Int, second: Int, seed: UInt64
    ) async throws -> Trial {
        guard isLongRun else { return try await run(scenario, from: prepared, first: first, second: second, seed: seed).trial }
        var all = Trial()
        for second in 1... {
            let (trial, isLast) = try await run(scenario, from: prepared, first: first, second: second, seed: seed)
            all.hasDied = trial.hasDied
            all.deaths += trial.deaths
            if isLast { break }
        }
        return all
    }

    /// - Returns: also, whether the second start got through.
    private static func run(
        _ scenario: StepScenario, from prepared: String, first: Int, second: Int, seed: UInt64
    ) async throws -> (trial: Trial, isLast: Bool) {
        var trial = Trial()
        let tidings = try StepScenario.installation(like: prepared)
        let note = "\(scenario.name), *=kill@\(first), then *=kill@\(second), seed \(seed)"
        let start = try tidings.changeBeforeLiveFile()
        let follower = try Follower(tidings.changeFile)
        var reader = Rereader(toleratesDamage: scenario.isDamaged)
        try reader.look(at: tidings, after: note)
        trial.hasDied = try await trial.start(tidings, dyingAt: first, note)
        try reader.look(at: tidings, after: note)
        let hasDiedAgain = try await trial.start(tidings, dyingAt: second, note)
        try reader.look(at: tidings, after: note)
        try await tidings.once()
        try reader.look(at: tidings, after: note)
        try await follower.catchUp(with: tidings)
        // New readers are a process each: now and then is enough.
        try await scenario.expectPromises(
            of: tidings, to: follower.witness(after: start), and: reader.witness, after: note, resuming: first % 8 == 0 || isLongRun)
        return (trial, !hasDiedAgain)
    }

    /// - Returns: whether it died.
    private mutating func start(_ tidings: Installation, dyingAt number: Int, _ note: String) async throws -> Bool {
        let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": "*=kill@\(number)"]).result()
        guard result.status == 128 + SIGKILL else {
            #expect(result.status == 0, "\(note): \(result.errors)")
            return false
        }
        deaths += 1
        return true
    }
}
