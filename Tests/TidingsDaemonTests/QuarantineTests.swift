import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing
import TidingsCore
import TidingsFormats
import TidingsStore

@testable import TidingsDaemon

/// What is remembered of documents that were being read when the daemon died. A death is a copy of the file taken in the middle.
@Suite(.timeLimit(.minutes(1)))
struct QuarantineTests {
    private let documents = DocumentReader()

    private func capture(_ locator: String, text: String = "Title\n\nA text.\n", source: Int64 = 1) -> Capture {
        Capture(
            source: SourceID(row: source), kind: .folder, locator: locator, bytes: Array(text.utf8),
            hints: DocumentHints(fileName: locator))
    }

    /// Reads the documents within each other and dies in the innermost: as parallel readers do.
    private func die(reading captures: [Capture], at path: String) throws {
        let copy = path + ".copy"
        let quarantine = Quarantine(path: path, progressRegistry: ProgressRegistry())
        func read(_ rest: ArraySlice<Capture>) throws {
            guard let first = rest.first else { return try FileManager.default.copyItem(atPath: path, toPath: copy) }
            var failure: (any Error)?
            _ = try quarantine.read(first) {
                do { try read(rest.dropFirst()) } catch { failure = error }
                return try? documents.read(first)
            }
            if let failure { throw failure }
        }
        try read(captures[...])
        _ = unsafe rename(copy, path)
    }

    private func deaths(at path: String) -> [String: Int] {
        let found = Mutex<[String: Int]>([:])
        _ = Quarantine(path: path, progressRegistry: ProgressRegistry()) { death in
            found.withLock { $0[death.document.locator] = death.deaths }
        }
        return found.withLock { $0 }
    }

    @Test func thirdDeathIsTheLastUntilTheBytesChange() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/reading"
            let poison = capture("poison.txt")
            for _ in 1...3 { try die(reading: [poison], at: path) }
            let quarantine = Quarantine(path: path, progressRegistry: ProgressRegistry())
            let error = #expect(throws: Quarantined.self) { try quarantine.read(poison) { try? documents.read(poison) } }
            #expect(error == Quarantined(deaths: 3))
            for other in [
                capture("poison.txt", text: "Title\n\nAnother text.\n"), capture("other.txt"), capture("poison.txt", source: 2),
            ] { _ = try quarantine.read(other) { try? documents.read(other) } }
            // It is remembered over starts without a death.
            _ = Quarantine(path: path, progressRegistry: ProgressRegistry())
            let later = Quarantine(path: path, progressRegistry: ProgressRegistry())
            #expect(throws: Quarantined.self) { try later.read(poison) { try? documents.read(poison) } }
        }
    }

    @Test func oneGoodReadingForgivesAll() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/reading"
            let slow = capture("slow.txt")
            for _ in 1...2 { try die(reading: [slow], at: path) }
            let quarantine = Quarantine(path: path, progressRegistry: ProgressRegistry())
            _ = try quarantine.read(slow) { try? documents.read(slow) }
            try die(reading: [slow], at: path)
            #expect(deaths(at: path) == ["slow.txt": 1])
        }
    }

    @Test func askedForItGetsOneMoreTry() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/reading"
            let poison = capture("poison.txt")
            for _ in 1...3 { try die(reading: [poison], at: path) }
            Quarantine(path: path, progressRegistry: ProgressRegistry()).giveAnotherTry(to: [SourceID(row: 2)])
            let other = Quarantine(path: path, progressRegistry: ProgressRegistry())
            #expect(throws: Quarantined.self, "another source was asked for") { try other.read(poison) { try? documents.read(poison) } }
            other.giveAnotherTry(to: [SourceID(row: 1)])
            // One that dies again has had its try.
            try die(reading: [poison], at: path)
            let last = Quarantine(path: path, progressRegistry: ProgressRegistry())
            #expect(throws: Quarantined.self) { try last.read(poison) { try? documents.read(poison) } }
            last.giveAnotherTry(to: [SourceID(row: 1)])
            _ = try last.read(poison) { try? documents.read(poison) }
            #expect(deaths(at: path) == [:])
        }
    }

    @Test func whoeverIsReadBesideIsASuspectOnceOnly() async throws {
        let folder = temporaryFolder + "/tidings-quarantine-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/reading"
        try die(reading: [capture("innocent.txt"), capture("poison.txt")], at: path)
        #expect(deaths(at: path) == ["innocent.txt": 1, "poison.txt": 1])

        // A suspect is read when nobody else reads, so that the next death names one.
        let quarantine = Quarantine(path: path, progressRegistry: ProgressRegistry())
        let readers = Readers()
        await withTaskGroup(of: Void.self) { group in
            for name in ["a.txt", "innocent.txt", "b.txt", "poison.txt", "c.txt"] {
                group.addTask {
                    for _ in 0..<50 {
                        _ = try? quarantine.read(capture(name)) {
                            let isAlone = name == "innocent.txt" || name == "poison.txt"
                            let others = readers.enter()
                            defer { readers.leave() }
                            // Only its first reading is a suspect's.
                            if isAlone, others > 0 { readers.noteCrowd() }
                            return try? documents.read(capture(name))
                        }
                        if name == "innocent.txt" || name == "poison.txt" { break }
                    }
                }
            }
        }
        #expect(!readers.sawCrowd)
    }

    @Test func nobodyReadsBesideASuspect() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/reading"
            let suspect = capture("suspect.txt")
            try die(reading: [suspect], at: path)
            let quarantine = Quarantine(path: path, progressRegistry: ProgressRegistry())
            let beside = Beside()
            _ = try quarantine.read(suspect) {
                let other = capture("other.txt")
                Thread.detachNewThread {
                    beside.noteThread()
                    _ = try? quarantine.read(other) {
                        beside.enter()
                        return try? DocumentReader().read(other)
                    }
                    beside.isDone.signal()
                }
                while !beside.hasEntered, !beside.isAsleep { sched_yield() }
                #expect(!beside.hasEntered)
                return try? documents.read(suspect)
            }
            beside.isDone.wait()
            #expect(beside.hasEntered, "its turn comes")
        }
    }

    @Test("what is in the file does no harm", arguments: [
        [], [1], [UInt8](repeating: 0xFF, count: 4096), [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0x7F, count: 1500),
        [UInt8](repeating: 0, count: 100_000),
    ] as [[UInt8]])
    func toleratesAnyFile(bytes: [UInt8]) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/reading"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let document = capture("any.txt")
            let quarantine = Quarantine(path: path, progressRegistry: ProgressRegistry())
            _ = try quarantine.read(document) { try? documents.read(document) }
        }
    }

    @Test func withoutAFileDocumentsAreReadAllTheSame() throws {
        let document = capture("any.txt")
        let quarantine = Quarantine(path: "/nowhere/reading", progressRegistry: ProgressRegistry())
        _ = try quarantine.read(document) { try? documents.read(document) }
    }

    @Test func endByItsOwnWillIsNobodysDeath() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/reading"
            let document = capture("long.txt")
            let quarantine = Quarantine(path: path, progressRegistry: ProgressRegistry())
            _ = try quarantine.read(document) {
                quarantine.close()
                try? FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
                return try? documents.read(document)
            }
            #expect(deaths(at: path + ".copy") == [:])
        }
    }

    @Test func recordsSurviveTheFile() {
        let long = capture(String(repeating: "ä", count: 1000) + ".txt", source: 77)
        for record in [
            ReadingRecord.reading(DocumentName(long)), .suspect(DocumentName(capture("a.txt")), deaths: 3),
            .reading(DocumentName(capture(""))),
        ] {
            #expect(record.bytes.count <= ReadingRecord.size)
            let padded = record.bytes + [UInt8](repeating: 0, count: ReadingRecord.size - record.bytes.count)
            #expect(ReadingRecord.all(in: padded + padded) == [record, record])
            #expect(ReadingRecord.all(in: ReadingRecord.emptied + padded.dropFirst(8)) == [])
        }
    }
}

/// A reader on a thread of its own.
private final class Beside: Sendable {
    private let entry = Mutex(false)
    var hasEntered: Bool { entry.withLock { $0 } }
    private let thread = Mutex("")
    let isDone = DispatchSemaphore(value: 0)

    func enter() { entry.withLock { $0 = true } }

    /// To be called on the thread. `/proc/thread-self` leads to "4711/task/4712" (proc(5)).
    func noteThread() {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        thread.withLock { $0 = path ?? "" }
    }

    /// Whether it waits in the kernel, as for a lock: the field behind the name in brackets is the state.
    var isAsleep: Bool {
        let stat = try? String(contentsOfFile: "/proc/\(thread.withLock { $0 })/stat", encoding: .utf8)
        return stat?.split(separator: ")").last?.split(separator: " ").first == "S"
    }
}

/// Who reads at one moment.
private final class Readers: Sendable {
    private let state = Mutex((now: 0, crowds: 0))

    /// - Returns: how many others are there.
    func enter() -> Int {
        state.withLock { state in
            state.now += 1
            return state.now - 1
        }
    }

    func leave() { state.withLock { $0.now -= 1 } }

    func noteCrowd() { state.withLock { $0.crowds += 1 } }

    var sawCrowd: Bool { state.withLock { $0.crowds > 0 } }
}
