import Foundation
import Glibc
import TestSupport
import Testing
import TidingsStore

/// Tidings as a user has it: settings, a state folder, folders with articles; all below one temporary folder. The program is
/// the built one, and what it did is read where its users read it: in the change files, and in the ledger.
final class Installation {
    /// How long anything may take before a test gives up waiting: long, for machines that have much else to do.
    static let patienceSeconds = 60.0

    let base: String
    /// The folder of the source `news`.
    var news: String { base + "/news" }
    var state: String { base + "/state" }
    var changeFile: String { state + "/stream/changes.ndjson" }
    private var settingsFile: String { base + "/tidings.yaml" }

    /// - Parameters:
    ///   - settings: all but the state folder; by default one folder, `news`.
    ///   - place: where its folder is made.
    init(_ settings: String = Installation.oneFolder, in place: String = temporaryFolder) throws {
        base = place + "/tidings-e2e-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: news, withIntermediateDirectories: true)
        try write(settings: settings)
    }

    deinit { try? FileManager.default.removeItem(atPath: base) }

    /// With a settle time that is short, because most tests wait for it again and again.
    static let oneFolder = "folders:\n  - { name: news, path: news, settle: 20ms }\n"
    /// With the settle time of the default.
    static let oneFolderByDefault = "folders:\n  - { name: news, path: news }\n"

    func write(settings: String) throws {
        try ("state: state\n" + settings).write(toFile: settingsFile, atomically: true, encoding: .utf8)
    }

    // MARK: files of the folder `news`

    func path(_ name: String) -> String { news + "/" + name }

    /// Writes in place, as a simple program does.
    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        guard FileManager.default.createFile(atPath: path(name), contents: Data(bytes)) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    /// Writes a temporary file and renames it over `name`, as editors do.
    func replace(_ name: String, with text: String) throws {
        try write(text, to: ".\(name).tmp")
        try rename(".\(name).tmp", over: name)
    }

    /// rename(2), which replaces what there is.
    func rename(_ name: String, over existing: String) throws {
        guard unsafe Glibc.rename(path(name), path(existing)) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try read(name)
        #expect(text.contains(old), "\(name) has nothing to edit")
        try write(text.replacingOccurrences(of: old, with: new), to: name)
    }

    func copy(_ name: String, to copy: String) throws {
        try FileManager.default.copyItem(atPath: path(name), toPath: path(copy))
    }

    func rename(_ name: String, to new: String) throws {
        try FileManager.default.moveItem(atPath: path(name), toPath: path(new))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

    func setModified(_ name: String, to date: Date) throws {
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path(name))
    }

    // MARK: the program

    /// Runs a command to its end.
    func run(_ arguments: String...) async throws -> ProgramResult { try await start(arguments).result() }

    /// One full pass, which must end well unless it is said otherwise.
    /// - Parameter wrapper: a program, with its arguments, that is to run it.
    @discardableResult
    func once(
        expecting status: Int32 = 0, under wrapper: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ProgramResult {
        let result = try await start(["run", "--once"], under: wrapper).result()
        #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
        return result
    }

    /// One full pass by a user that modes of files apply to: root may read everything.
    func onceAsNobody() async throws {
        guard getuid() == 0 else {
            try await once()
            return
        }
        let nobody = "65534"
        let owner = try await RunningProgram(
            ["-R", "\(nobody):\(nobody)", base], of: URL(fileURLWithPath: "/usr/bin/chown")
        ).result()
        #expect(owner.status == 0, "\(owner.errors)")
        try await once(under: ["/usr/bin/setpriv", "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"])
    }

    /// - Parameters:
    ///   - wrapper: a program, with its arguments, that is to run it.
    ///   - output: where it writes instead of a file of its own.
    func start(
        _ arguments: [String], environment: [String: String] = [:], under wrapper: [String] = [], output: FileHandle? = nil
    ) throws -> RunningProgram {
        let message = wrapper + [BuiltBinary.tidings.path] + arguments + ["--config", settingsFile]
        return try RunningProgram(
            Array(message.dropFirst()), of: URL(fileURLWithPath: message[0]),
            environment: environment.merging(["TZ": "UTC"]) { given, _ in given }, output: output)
    }

    /// Starts the daemon and waits until it says that it is ready.
    func daemon(environment: [String: String] = [:], under wrapper: [String] = []) async throws -> LiveDaemon {
        let manager = try NotifySocket()
        let program = try start(
            ["run"], environment: environment.merging(manager.environment) { given, _ in given }, under: wrapper)
        let daemon = LiveDaemon(program: program, manager: manager)
        try await wait("the daemon is ready") { manager.assignments.contains("READY=1") }
        return daemon
    }

    // MARK: what it did

    /// The lines of all change files without their headers, in order; none before there is such a file.
    func rawLines() throws -> [String] {
        let folder = state + "/stream"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        // Names of sealed files carry the first sequence number: by number, not by letter.
        let sealed = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasPrefix("changes-") && $0.hasSuffix(".ndjson") }
            .sorted { ($0.count, $0) < ($1.count, $1) }
        return try (sealed + ["changes.ndjson"]).flatMap { try wholeLines(of: folder + "/" + $0) }
    }

    func lines() throws -> [StreamLine] { try rawLines().map(StreamLine.init) }

    func ledger() throws -> LedgerReader { try LedgerReader(path: state + "/db/tidings.db") }

    /// `verify` finds nothing wrong, and the numbers of the lines are 1, 2, 3 …
    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let result = try await run("verify")
        #expect(result.status == 0, "\(result.output)\(result.errors)", sourceLocation: sourceLocation)
        let numbers = try lines().map(\.id)
        let expected = numbers.indices.map { "\($0 + 1)" }
        #expect(numbers == expected, sourceLocation: sourceLocation)
    }

    /// Waits until the stream has `count` lines, and gives all it has.
    @discardableResult
    func waitForLines(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws -> [StreamLine] {
        let isThere = try await eventually(seconds: Self.patienceSeconds) { try rawLines().count >= count }
        let lines = try lines()
        try #require(isThere, "\(lines.count) of \(count) lines: \(lines.map(\.message))", sourceLocation: sourceLocation)
        return lines
    }

    func wait(
        _ what: String, seconds: Double = patienceSeconds, sourceLocation: SourceLocation = #_sourceLocation,
        until condition: () throws -> Bool
    ) async throws {
        let holds = try await eventually(seconds: seconds, condition)
        try #require(holds, "waited for: \(what)", sourceLocation: sourceLocation)
    }
}

/// A daemon that runs. When it is let go of, it is told to stop.
final class LiveDaemon {
    let program: RunningProgram
    let manager: NotifySocket
    var pid: Int32 { program.pid }

    init(program: RunningProgram, manager: NotifySocket) {
        self.program = program
        self.manager = manager
    }

    func send(_ signal: Int32) { program.send(signal) }

    /// Whether it has told its manager of trouble, and that this is over.
    var isWellAgain: Bool {
        let told = manager.assignments.filter { $0.hasPrefix("STATUS=") }.map { $0.hasPrefix("STATUS=degraded: ") }
        return told.contains(true) && told.last == false
    }

    /// TERM, and the end that it must lead to.
    func stop(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let start = ContinuousClock.now
        send(SIGTERM)
        let result = await program.result()
        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(ContinuousClock.now - start < .seconds(10), "stops too slowly", sourceLocation: sourceLocation)
    }
}

/// The lines of `file` that have their end, without headers; none if there is no such file.
func wholeLines(of file: String) throws -> [String] {
    guard let bytes = FileManager.default.contents(atPath: file) else { return [] }
    return wholeLines(Array(bytes)).filter { !StreamLine.isHeader($0) }
}
