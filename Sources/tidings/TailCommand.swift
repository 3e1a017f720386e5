import ArgumentParser
import Glibc
import TidingsCore
import TidingsDaemon
import TidingsStore
import TidingsStream

struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Read the stream of changes.",
        discussion: """
            In a pipe each change is one line, byte for byte as in the change file (the file's header lines left out); on a \
            terminal it is a short form for people. A program that wants to miss nothing keeps the `id` of the last line it \
            has dealt with, and begins again with --since.

            With --cursor-file that is kept for it: after lines were written, their end is noted in the file, and the next \
            `tail` goes on from there. A line may then come again after a crash, and none is left out; ignore numbers that you \
            have seen. What the file notes is written to the pipe, which is not yet dealt with: a program that may crash itself \
            keeps its own number. A file that is not there yet is made; the beginning is then --since, or all that is kept. \
            `tidings snapshot` is the way to begin with all articles as they are now.

            EXAMPLES
              tidings tail                              the last ten changes
              tidings tail -f -n 0                      only what happens from now on
              tidings tail --since 1042 -f | my-index   everything after change 1042, then what comes
              tidings tail -f --type updated --source astana-times --with-text
              tidings tail -f --cursor-file my-index.cursor | my-index
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

    @Flag(help: "Add the text of the version, as data.item.content_text, to created and updated articles.")
    var withText = false

    @Option(help: ArgumentHelp("Go on after the change in this file, and keep it up to date.", valueName: "file"))
    var cursorFile: String?

    @Option(help: "How to write changes (default: pretty on a terminal, else ndjson).")
    var format: Format?

    func validate() throws {
        if let numberOfLines, numberOfLines < 0 { throw ValidationError("-n must not be negative.") }
        if let since, since < 0 { throw ValidationError("--since must not be negative.") }
        if numberOfLines != nil, cursorFile != nil {
            throw ValidationError("-n would leave changes out for ever; with --cursor-file say --since where to begin.")
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
        // Before anything is written: from then on a signal must not end us with a cursor that is behind the output.
        let ending = try cursor.map { _ in try EndingSignals().descriptor }
        var follower = try ChangeFollower(
            folder: state.streamFolder, query: query(after: cursor?.cursor), isFollowing: follow)
        let view = try ChangeView(
            isPretty: (format ?? (standardOutput.isTerminal ? .pretty : .ndjson)) == .pretty,
            texts: withText ? state.openLedger() : nil)
        var output = try TailOutput(cursor: cursor, from: follower.cursor, ending: ending)
        do {
            repeat {
                try show(&follower, view, in: &output)
            } while try follow && follower.wait(cancellation: ending, output: STDOUT_FILENO) != .cancelled
        } catch let end as OutputEnd {
            try output.saveCursor()
            throw Failure(end)
        }
    }

    /// What the arguments ask for: without a beginning, the last few changes.
    private func query(after cursor: StreamCursor?) -> ChangeQuery {
        ChangeQuery(
            begin: cursor.map { .cursor($0) } ?? since.map { .after($0) } ?? .oldest,
            last: numberOfLines ?? (since == nil && cursorFile == nil ? Self.usualLines : nil),
            filter: ChangeFilter(types: types, sources: sources))
    }

    /// Writes what is there now.
    private func show(_ follower: inout ChangeFollower, _ view: ChangeView, in output: inout TailOutput) throws {
        while let event = try follower.next() {
            switch event {
            case .line(let line): output.put(try view.shown(line))
            case .passed: break
            case .streamChanged(let id): say("the database was lost or restored; the stream goes on with the id \(id)")
            }
            try output.pass(follower.cursor)
        }
        try output.flush(isIdle: true)
    }
}
