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
    var types: [ChangeTypeArgument] = []

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
        } catch let error as StreamError where cursor?.cursor != nil {
            switch error.reason {
            case .tooOld, .inFuture, .cursorOfOtherStream:
                let path = cursor?.path ?? ""
                throw Failure(
                    EX_DATAERR,
                    "\(path) says where to go on, and nothing can: \(error)\n"
                        + "remove \(path) and give that number once, with --since beside --cursor-file")
            default: throw error
            }
        }
    }

    private func run(_ cursor: CursorFile?) throws {
        let state = try common.state()
        // Before anything is written, so that no signal finds a cursor behind its output.
        let ending = try cursor.map { _ in try EndingSignals().descriptor }
        var reader = try ChangeReader(folder: state.streamFolder, from: start(after: cursor?.cursor), isFollowing: follow)
        let view = try ChangeView(
            isPretty: (format ?? (standardOutput.isTerminal ? .pretty : .ndjson)) == .pretty,
            texts: withText ? state.openLedger() : nil)
        var output = try TailOutput(
            cursor: cursor, from: StreamCursor(stream: reader.stream, sequence: reader.last), ending: ending)
        do {
            try read(&reader, view, keepingLast: hasFilter || since != nil ? limit : nil, into: &output)
            while follow, try reader.wait(cancellation: ending, output: STDOUT_FILENO) != .cancelled {
                try read(&reader, view, into: &output)
            }
        } catch let end as OutputEnd {
            try output.saveCursor()
            throw Failure(end)
        }
    }

    /// The last so many of what is asked for, when not all of it is.
    private var limit: Int? { numberOfLines ?? (since == nil && cursorFile == nil ? 10 : nil) }

    private var hasFilter: Bool { !types.isEmpty || !sources.isEmpty }

    private func start(after cursor: StreamCursor?) -> ChangeReader.Start {
        if let cursor { return .cursor(stream: cursor.stream, sequence: cursor.sequence) }
        // The last so many that pass a filter may stand anywhere; without one the reader goes straight to them.
        return since.map { .after($0) } ?? .last(hasFilter ? .max : limit ?? .max)
    }

    /// Shows what there is now.
    /// - Parameter count: nil for all of it.
    private func read(
        _ reader: inout ChangeReader, _ view: ChangeView, keepingLast count: Int? = nil, into output: inout TailOutput
    ) throws {
        var kept = LastLines(limit: count)
        while let event = try reader.next() {
            if let line = chosen(event), !kept.keep(line) { output.put(try view.shown(line)) }
            try output.pass(StreamCursor(stream: reader.stream, sequence: reader.last))
        }
        for line in kept.lines { output.put(try view.shown(line)) }
        try output.flush(isIdle: true)
    }

    /// The line of `event` if it was asked for.
    private func chosen(_ event: ChangeReader.Event) -> [UInt8]? {
        switch event {
        case .streamChanged(let id):
            say("the database was lost or restored; the stream goes on with the id \(id)")
            return nil
        case .line(_, let bytes):
            if types.isEmpty, sources.isEmpty { return bytes }
            guard let fields = ChangeLineFields(bytes) else { return nil }
            let isOfType = types.isEmpty || types.contains { $0.matches(fields.type) }
            let isOfSource = sources.isEmpty || fields.sourceName.map(sources.contains) ?? false
            return isOfType && isOfSource ? bytes : nil
        }
    }
}

/// A type of change as people write it: the whole name, or what stands after one of its dots.
struct ChangeTypeArgument: ExpressibleByArgument {
    let name: String

    init?(argument: String) {
        guard ChangeType.allCases.contains(where: { Self.is(argument, $0.name) }) else { return nil }
        name = argument
    }

    static var allValueStrings: [String] { ChangeType.allCases.filter { $0 != .streamHeader }.map(\.rawValue) }

    func matches(_ type: String) -> Bool { Self.is(name, type) }

    private static func `is`(_ name: String, _ type: String) -> Bool { type == name || type.hasSuffix("." + name) }
}

/// The last so many lines, for when their number is known only at the end.
private struct LastLines {
    private let limit: Int?
    private var ring: [[UInt8]] = []
    private var oldest = 0

    init(limit: Int?) { self.limit = limit }

    var lines: [[UInt8]] { Array(ring[oldest...] + ring[..<oldest]) }

    /// Keeps `line` in the place of the oldest; false if nothing is to be kept.
    mutating func keep(_ line: [UInt8]) -> Bool {
        guard let limit else { return false }
        if ring.count < limit {
            ring.append(line)
        } else if limit > 0 {
            ring[oldest] = line
            oldest = (oldest + 1) % limit
        }
        return true
    }
}
