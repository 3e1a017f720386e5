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
        var reached: Set<Failpoint> = []
        var deaths = 0
        var first = 1
        var hasEnded = false
        while !hasEnded {
            let wave = first..<first + Self.width
            try await withThrowingTaskGroup(of: Trial.self) { group in
                for number in wave {
                    let second = Int.random(in: 1...12, using: &dice)
                    group.addTask { try await Trial.series(scenario, first: number, second: second, seed: seed) }
                }
                for try await trial in group {
                    reached.formUnion(trial.reached)
                    deaths += trial.deaths
                    hasEnded = hasEnded || !trial.hasDied
                }
            }
            first += Self.width
        }
        let missing = scenario.steps.subtracting(reached).map(\.rawValue).sorted()
        #expect(missing == [], "steps that were not met in \(scenario.name)")
        print("\(scenario.name): \(deaths) deaths, TIDINGS_TEST_SEED=\(seed)")
    }

    @Test func everyStepIsOneOfAScenario() {
        // These belong to commands that have tests of their own.
        let elsewhere = Failpoint.allCases.filter { $0.rawValue.hasPrefix("prune.") || $0.rawValue.hasPrefix("replacement.") }
        let covered = StepScenario.all.reduce(into: Set(elsewhere)) { $0.formUnion($1.steps) }
        #expect(Failpoint.allCases.filter { !covered.contains($0) }.map(\.rawValue) == [])
    }
}

/// One life of an installation: a death at a step, another at a step of the start after it, and a start that gets through.
private struct Trial {
    /// Whether the first start died.
    var hasDied = false
    var deaths = 0
    var reached: Set<Failpoint> = []

    /// With the given second death; in the long form with each that there is.
    static func series(_ scenario: StepScenario, first: Int, second: Int, seed: UInt64) async throws -> Trial {
        guard isLongRun else { return try await run(scenario, first: first, second: second, seed: seed).trial }
        var all = Trial()
        for second in 1... {
            let (trial, isLast) = try await run(scenario, first: first, second: second, seed: seed)
            all.hasDied = trial.hasDied
            all.deaths += trial.deaths
            all.reached.formUnion(trial.reached)
            if isLast { break }
        }
        return all
    }

    /// - Returns: also, whether the second start got through.
    private static func run(
        _ scenario: StepScenario, first: Int, second: Int, seed: UInt64
    ) async throws -> (trial: Trial, isLast: Bool) {
        var trial = Trial()
        let tidings = try StepScenario.installation()
        let note = "\(scenario.name), *=kill@\(first), then *=kill@\(second), seed \(seed)"
        try await scenario.prepare(tidings)
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
        try await tidings.expectPromises(
            scenario.isDamaged ? [reader.witness] : [follower.witness, reader.witness], after: note, resuming: first % 8 == 0 || isLongRun)
        let rows = try tidings.ledger().lines(after: 0, limitBytes: .max)
        let fold = Fold(try rows.map { try StreamLine(String(decoding: $0.bytes, as: UTF8.self)) })
        #expect(try fold.headlineAtKey == tidings.headlines(), "\(note)")
        return (trial, !hasDiedAgain)
    }

    /// - Returns: whether it died.
    private mutating func start(_ tidings: Installation, dyingAt number: Int, _ note: String) async throws -> Bool {
        let result = try await tidings.start(["run", "--once"], environment: ["TIDINGS_FAILPOINTS": "*=kill@\(number)"]).result()
        for match in result.errors.matches(of: /failpoint ([a-z_.]+)/) {
            if let step = Failpoint(rawValue: String(match.1)) { reached.insert(step) }
        }
        guard result.status == 128 + SIGKILL else {
            #expect(result.status == 0, "\(note): \(result.errors)")
            return false
        }
        deaths += 1
        return true
    }
}
