import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore
import TidingsStream
import TidingsSystem

struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Read the stream of changes.",
        discussion: """
            In a pipe each change is one line, byte for byte as in the change file (the file's header lines left out); on a \
            terminal it is a short form for people. A program that wants to miss nothing keeps the `id` of the last line it \
            has dealt with, and begins again with --since.

            With --cursor-file and --exec that is kept for it: the command gets the changes in batches on its standard input, and \
            when it exits with 0 the file notes how far that was. If it fails, or dies, or `tail` does, the same changes come \
            again: none is left out, and some may come twice. With -f a command that failed is run again after a pause; without, \
            `tail` exits with 75. A file that is not there yet is made; the beginning is then --since, or all that is kept. \
            `tidings snapshot` is the way to begin with all articles as they are now.

            --cursor-file without --exec notes what was written to the pipe, which is not yet dealt with: what stands in the pipe \
            when its reader dies does not come again.

            EXAMPLES
              tidings tail                              the last ten changes
              tidings tail -f -n 0                      only what happens from now on
              tidings tail --since 1042 -f | my-index   everything after change 1042, then what comes
              tidings tail -f --type updated --source astana-times --with-text
              tidings tail -f --class substantive --changed title
              tidings tail -f --cursor-file my-index.cursor --exec my-index
            """)

    private static let usualLines = 10

    enum Format: String, ExpressibleByArgument, CaseIterable { case ndjson, pretty }

    @OptionGroup var common: CommonOptions

    @Option(name: .shortAndLong, help: "Show the last so many of what is asked for (default: 10; with --since: all).")
    var numberOfLines: Int?

    @Flag(name: .shortAndLong, help: "Go on with the changes as they come.")
    var follow = false

    @Option(help: ArgumentHelp("Changes after this sequence number.", valueName: "seq"))
    var since: Int64?

    @Option(
        name: .customLong("type"), parsing: .singleValue,
        help: ArgumentHelp("Only this type, as updated, article.updated or tidings.article.updated. May be repeated."))
    var types: [ChangeTypeName] = []

    @Option(
        name: .customLong("source"), parsing: .singleValue,
        help: ArgumentHelp("Only changes of this source. May be repeated."))
    var sources: [String] = []

    @Option(
        name: .customLong("class"), parsing: .singleValue, help: "Only updates of this class. May be repeated.")
    var classes: [ChangeClass] = []

    @Option(parsing: .singleValue, help: "Only updates in which this differs. May be repeated.")
    var changed: [ChangedField] = []

    @Flag(help: "Add the text of the version, as data.item.content_text, to created and updated articles.")
    var withText = false

    @Option(help: ArgumentHelp("Go on after the change in this file, and keep it up to date.", valueName: "file"))
    var cursorFile: String?

    @Option(help: ArgumentHelp("Give the changes in batches to this command of the shell.", valueName: "command"))
    var exec: String?

    @Option(help: ArgumentHelp("The most changes of one batch.", valueName: "n"))
    var batch = 1_000

    @Option(help: "How to write changes (default: pretty on a terminal, else ndjson).")
    var format: Format?

    func validate() throws {
        if let numberOfLines, numberOfLines < 0 { throw ValidationError("-n must not be negative.") }
        if let since, since < 0 { throw ValidationError("--since must not be negative.") }
        if numberOfLines != nil, cursorFile != nil {
            throw ValidationError("-n would leave changes out for ever; with --cursor-file say --since where to begin.")
        }
        if exec != nil, cursorFile == nil {
            throw ValidationError("--exec needs --cursor-file: where to go on after the command has exited with 0.")
        }
        if exec?.isEmpty == true { throw ValidationError("--exec names no command.") }
        if batch < 1 { throw ValidationError("--batch must be at least 1.") }
    }

    private func endingSignals() throws -> Int32 {
        do throws(SystemError) {
            return try EndingSignals().descriptor
        } catch {
            throw Failure(EX_OSERR, "cannot make a pipe: \(error.message)")
        }
    }

    func run() throws {
        let cursor = try cursorFile.map { path throws(CursorFileError) in try CursorFile(path: path) }
        do {
            try run(cursor)
        } catch let error as StreamError where error.isOutsideStream && cursor?.cursor != nil {
            let path = cursor?.path ?? ""
            throw Failure(
                EX_DATAERR,
                "\(path) says where to go on, and nothing can: \(error)\n"
                    + "remove \(path) and give that number once, with --since beside --cursor-file")
        }
    }

    private func run(_ cursor: CursorFile?) throws {
        let state = try common.state()
        try checkSources(state)
        // Before anything is written: from then on a signal must not end us with a cursor that is behind the output.
        let ending = try cursor.map { _ in try endingSignals() }
        let follower = try ChangeFollower(
            folder: state.streamFolder, query: query(after: cursor?.cursor), isFollowing: follow)
        let texts = withText ? try state.openLedger() : nil
        guard let exec, let cursor else {
            let isPretty = (format ?? (standardOutput.isTerminal ? .pretty : .ndjson)) == .pretty
            let view = ChangeView(isPretty: isPretty, width: terminalWidth(), texts: texts)
            let output = try TailOutput(cursor: cursor, from: follower.cursor, ending: ending)
            return try copy(follower, to: output, view, ending: ending, reader: STDOUT_FILENO)
        }
        let output = try CommandOutput(
            exec, limit: batch, isRetrying: follow, cursor: cursor, from: follower.cursor, ending: ending)
        let view = ChangeView(isPretty: format == .pretty, width: nil, texts: texts)
        try copy(follower, to: output, view, ending: ending, reader: nil)
    }

    /// What the arguments ask for: without a beginning, the last few changes.
    private func query(after cursor: StreamCursor?) -> ChangeQuery {
        ChangeQuery(
            begin: cursor.map { .cursor($0) } ?? since.map { .after($0) } ?? .oldest,
            last: numberOfLines ?? (since == nil && cursorFile == nil ? Self.usualLines : nil),
            filter: ChangeFilter(types: types, sources: sources, classes: classes, changed: changed))
    }

    /// A misspelt source would be silence for ever. Who may read the stream and not the database is warned only: it alone knows the
    /// sources that were taken out of the settings.
    private func checkSources(_ state: StateFolder) throws {
        let settings = try? common.settings()
        let unknown = sources.filter { settings?.sourceNames.contains($0) != true }
        guard !unknown.isEmpty else { return }
        do {
            try state.openLedger().checkSources(unknown)
        } catch is NoLedgerError {
            if settings != nil { say("the settings have no source named \(unknown.joined(separator: ", "))") }
        }
    }

    /// Brings what is there, and with -f what comes, to `output`.
    /// - Parameters:
    ///   - ending: becomes readable when to end.
    ///   - reader: the descriptor whose reader must not be gone.
    private func copy(
        _ follower: consuming ChangeFollower, to output: consuming some ChangeOutput, _ view: ChangeView, ending: Int32?, reader: Int32?
    ) throws {
        do {
            repeat {
                while let event = try follower.next() {
                    switch event {
                    case .line(let line): output.put(try view.shown(line))
                    case .passed: break
                    case .streamChanged(let id): say("the database was lost or restored; the stream goes on with the id \(id)")
                    }
                    try output.pass(follower.cursor)
                }
                try output.flush(isIdle: true)
            } while try follow && follower.wait(cancellation: ending, output: reader) != .cancelled
        } catch let end as OutputEnd {
            try output.saveCursor()
            throw Failure(end)
        }
    }
}
