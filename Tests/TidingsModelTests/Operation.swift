import TestSupport
import TidingsCore

/// One thing that happens in a history.
enum Operation: Sendable {
    case edit(Edit)
    /// Looks at several places, whose reports are one transaction; then at what is gone.
    case look([Glance])
    /// Polls a feed several times, one after the other.
    case again(feed: Int, times: Int)
    case settings(Set<String>)
    case publish
    case rotate
    /// A reader reads on.
    case read(Int)
    /// A new reader, from so many thousandths of what is kept.
    case join(Int)
    case restart
    /// Somebody does something to the change file, at so many thousandths of it.
    case meddle(ExternalEdits, Int)
    /// Somebody does it to a sealed one, at so many thousandths of them and of it; then `verify --repair` is run.
    case spoil(ExternalEdits, segment: Int, at: Int)
    /// What is too much goes.
    case prune(Kept)
    case backUp
    /// The database as it was at the last `backUp`.
    case restore
    /// The database is deleted.
    case lose
    /// The clock is set, so many minutes on or back.
    case clock(Int)
}

/// What retention leaves, of one kind of thing.
enum Kept: Sendable {
    case files(bytes: Int64)
    case rows(bytes: Int64)
    case versions(count: Int)
}

enum Glance: Sendable {
    /// A hint: one file.
    case file(folder: Int, path: Int)
    case scan(folder: Int)
    case poll(feed: Int, Answer)
}

/// What a poll meets.
enum Answer: CaseIterable, Sendable {
    case whole
    /// The whole document; of what the ledger knows nothing is derived.
    case known
    /// Read although the bytes are the same, as after SIGUSR1.
    case forced
    case partial
    case empty
    case notModified
    case failure
}

enum ExternalEdits: CaseIterable, Sendable { case delete, truncate, empty, garbage, edit, zeros }

/// An operation with what goes wrong in the middle of it.
struct Step: Sendable, CustomStringConvertible {
    enum Fault: Sendable {
        /// The process dies at the n-th step, and perhaps once more while it recovers.
        case death(at: Int, again: Int?)
        /// The n-th step fails, once.
        case error(String, at: Int)
    }
    var operation: Operation
    var fault: Fault?

    var description: String { "\(operation)" + (fault.map { " \($0)" } ?? "") }
}

extension Step {
    static func random(using random: inout Seeded) -> Step {
        let operation = Operation.random(using: &random)
        switch operation {
        case .look, .again, .settings, .publish, .rotate, .restart, .spoil, .prune: break
        default: return Step(operation: operation)
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1:
            let again = Bool.random(using: &random) ? Int.random(in: 1...8, using: &random) : nil
            return Step(operation: operation, fault: .death(at: Int.random(in: 1...9, using: &random), again: again))
        case 2:
            let errors = ["ENOSPC", "EIO"]
            return Step(
                operation: operation,
                fault: .error(errors[Int.random(in: 0..<2, using: &random)], at: Int.random(in: 1...6, using: &random)))
        default: return Step(operation: operation)
        }
    }
}

extension Operation {
    fileprivate static func random(using random: inout Seeded) -> Operation {
        func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
        switch below(100) {
        case 0..<37: return .edit(.random(using: &random))
        case 37..<42: return .again(feed: below(World.feeds.count), times: 2 + below(3))
        case 42..<66: return .look((0...(below(3) / 2 + below(2))).map { _ in Glance.random(using: &random) })
        case 66..<68:
            var names = Set(World.sources.map(\.name))
            if below(3) > 0 { names.remove(World.sources[below(World.sources.count)].name) }
            return .settings(names)
        case 68..<73: return .publish
        case 73..<77: return .rotate
        case 77..<80: return .random(pruning: &random)
        case 80..<85: return .read(below(3))
        case 85..<87: return .join(below(1001))
        case 87..<90: return .restart
        case 90..<93: return .meddle(ExternalEdits.allCases[below(ExternalEdits.allCases.count)], below(1001))
        case 93..<95: return .spoil(ExternalEdits.allCases[below(ExternalEdits.allCases.count)], segment: below(1001), at: below(1001))
        case 95: return .backUp
        case 96: return .restore
        case 97: return below(3) == 0 ? .lose : .publish
        default: return .clock(below(240) - 180)
        }
    }
}

extension Operation {
    fileprivate static func random(pruning random: inout Seeded) -> Operation {
        func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
        switch below(5) {
        case 0, 1: return .prune(.files(bytes: Int64(below(8_000))))
        case 2, 3: return .prune(.rows(bytes: Int64(below(8_000))))
        default: return .prune(.versions(count: 1 + below(3)))
        }
    }
}

extension Glance {
    fileprivate static func random(using random: inout Seeded) -> Glance {
        func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
        switch below(10) {
        case 0..<3: return .file(folder: below(World.folders.count), path: below(World.paths.count))
        case 3..<5: return .scan(folder: below(World.folders.count))
        default:
            let answers: [Answer] = [.whole, .whole, .whole, .known, .known, .forced, .partial, .empty, .notModified, .failure]
            return .poll(feed: below(World.feeds.count), answers[below(answers.count)])
        }
    }
}
