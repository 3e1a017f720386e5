import FoundationEssentials
import TestSupport
import TidingsCore
import TidingsFailpoints

@testable import TidingsStore
@testable import TidingsStream

/// What a history showed to be wrong.
struct Broken: Error { let message: String }

/// One history: operations on a real ledger and a real change file in a folder of its own, and the same on the model. After each
/// operation the two are compared.
final class History {
    let folder: Folder
    var world = World()
    var model = Model()
    var process: Process?
    var consumers: [Follower] = []
    var backup: Model?
    /// Lines of the ledger that were compared with the model.
    var compared = 0
    /// What was committed, by its number: also what is pruned since.
    var lines: [Int64: StreamLine] = [:]
    /// The first change that the files have after the last one that retention, or whoever wanted the space, took from them.
    var firstInFiles: Int64 = 0
    /// Whether there may be less of the versions in the ledger than the model has.
    var arePruned = false
    /// Whether somebody was at a sealed file and it was not mended yet.
    var isSealedSpoilt = false
    /// Whether foreign bytes may stand in the change file: what a reader sees of them is not ours to vouch for.
    var isSpoilt = false
    /// Whether somebody did anything to it since it was right.
    var isTouched = false
    /// Whether the file may have more than the ledger, so that a new stream is right.
    var mayBeAhead = false
    private var plan: FailurePlan?
    private(set) var time: Int64 = 1_760_000_000_000
    private var times: Set<Int64> = []

    /// What a process holds in memory.
    final class Process {
        let ledger: Ledger
        let rows: Rows
        var file: ChangeFile?
        var sources: [String: SourceRow] = [:]

        init(_ folder: Folder) throws {
            ledger = try Ledger(path: folder.database)
            rows = Rows(reader: try LedgerReader(path: folder.database))
        }
    }

    struct Rows: CommittedLines {
        let reader: LedgerReader
        func last() throws -> Int64 { try reader.lastSequence() }
        func first() throws -> Int64 { try reader.firstSequence() }
        func lines(after sequence: Int64, limitBytes: Int) throws -> [CommittedLine] {
            let rows: [(sequence: Int64, bytes: [UInt8])] = try reader.lines(after: sequence, limitBytes: limitBytes)
            return rows.map { CommittedLine(sequence: $0.sequence, bytes: $0.bytes) }
        }
    }

    init(in folder: Folder) { self.folder = folder }

    /// - Returns: what was wrong; nil if nothing was.
    static func run(_ steps: [Step], in place: Place, isThorough: Bool = false) async -> String? {
        var done = 0
        do {
            let history = History(in: try Folder(in: place))
            try await history.open()
            for step in steps {
                try await history.perform(step)
                try await history.compare()
                done += 1
            }
            try await history.end(isThorough: isThorough)
            return nil
        } catch let broken as Broken {
            return "operation \(done + 1): \(broken.message)"
        } catch {
            return "operation \(done + 1): \(error)"
        }
    }

    // MARK: the process

    /// Starts the daemon, as far as ledger and change file go.
    func open() async throws {
        let process = try Process(folder)
        self.process = process
        do {
            process.file = try await changeFile(of: process)
        } catch let error as StreamError {
            let (highest, other): (Int64, String?)
            switch error.reason {
            case .aheadOfLedger(let last, _): (highest, other) = (last, nil)
            case .otherStream(let id, let last): (highest, other) = (last, id)
            default: throw error
            }
            guard mayBeAhead else { throw Broken(message: "the change file is ahead of the ledger: \(error)") }
            try await transact {
                try await process.ledger.resetStream(after: highest, of: other, now: self.now())
            } model: {
                $0.reset(after: highest)
            } isCommitted: { $0 >= 1 }
            process.file = try await changeFile(of: process)
        }
        mayBeAhead = false
        isSpoilt = false
        try await configure()
    }

    private func changeFile(of process: Process) async throws -> ChangeFile {
        var limits = ChangeFile.Limits()
        limits.rotationSpacingSeconds = 0
        limits.batchBytes = 4_096
        // In pieces, so that a death finds lines half written.
        return try ChangeFile(
            folder: folder.stream, stream: await process.ledger.stream, superseded: await process.ledger.superseded,
            committed: process.rows, nowMilliseconds: { [unowned self] in time }, limits: limits, room: { min($0, 700) })
    }

    func configure() async throws {
        guard let process else { return }
        let wanted = World.sources.filter { world.configured.contains($0.name) }
        try await transact {
            let sources = wanted.map { source in
                ConfiguredSource(
                    name: source.name, kind: source.kind, locator: "https://\(source.name).test/feed",
                    host: source.kind == .feed ? "\(source.name).test" : nil)
            }
            let rows = try await process.ledger.configure(sources, at: self.now()).rows
            process.sources = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
        } model: {
            $0.configure(wanted)
        }
    }

    /// What the process held in memory is gone.
    func die() {
        process = nil
    }

    /// A time that no other commit has.
    func now() -> Int64 {
        time += 1_000
        while !times.insert(time).inserted { time += 1 }
        return time
    }

    func setClock(by minutes: Int) { time += Int64(minutes) * 60_000 }

    // MARK: faults

    func perform(_ step: Step) async throws {
        plan = step.fault.flatMap { FailurePlan($0.message) }
        defer { plan = nil }
        do {
            try await FailurePlan.$current.withValue(plan) { try await perform(step.operation) }
            return
        } catch let error as Broken {
            throw error
        } catch let error as StoreError where error.isTransient && plan != nil {
            // The disk was full. The daemon tries the same again, and now it is not.
        } catch let error as StreamError where error.reason == .noSpace && plan != nil {
        } catch let error where plan != nil || mayBeAhead && Self.isAhead(error) {
            return try await startAgain(dyingAt: step.fault?.again)
        }
        plan = nil
        do {
            try await perform(step.operation)
        } catch let error where mayBeAhead && Self.isAhead(error) {
            try await startAgain(dyingAt: nil)
        }
    }

    private static func isAhead(_ error: any Error) -> Bool {
        switch (error as? StreamError)?.reason {
        case .aheadOfLedger, .otherStream: true
        default: false
        }
    }

    private func startAgain(dyingAt count: Int?) async throws {
        die()
        if let count {
            plan = FailurePlan("*=die@\(count)-")
            do {
                try await FailurePlan.$current.withValue(plan) { try await open() }
            } catch let error as Broken {
                throw error
            } catch {
                die()
            }
            plan = nil
        }
        if process == nil { try await open() }
    }

    /// Runs a transaction of the ledger, and its counterpart on the model if it was committed: when it did not fail, or failed when
    /// so many steps were behind it.
    func transact(
        _ body: () async throws -> Void, model: (inout Model) -> Void, isCommitted: (Int) -> Bool = { $0 >= 3 }
    ) async throws {
        let before = plan?.reached ?? 0
        do {
            try await body()
        } catch {
            if isCommitted((plan?.reached ?? 0) - before) { model(&self.model) }
            throw error
        }
        model(&self.model)
    }
}

extension Step.Fault {
    fileprivate var message: String {
        switch self {
        case .death(let count, _): "*=die@\(count)-"
        case .error(let name, let count): "*=\(name)@\(count)"
        }
    }

    fileprivate var again: Int? { if case .death(_, let again) = self { again } else { nil } }
}
