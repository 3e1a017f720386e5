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

            EXAMPLES
              tidings tail                              the last ten changes
              tidings tail -f -n 0                      only what happens from now on
              tidings tail --since 1042 -f | my-index   everything after change 1042, then what comes
              tidings tail -f --type updated --source astana-times --with-text
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

    @Option(help: "How to write changes (default: pretty on a terminal, else ndjson).")
    var format: Format?

    func validate() throws {
        if let numberOfLines, numberOfLines < 0 { throw ValidationError("-n must not be negative.") }
        if let since, since < 0 { throw ValidationError("--since must not be negative.") }
    }

    func run() throws {
        let state = try common.state()
        let limit = numberOfLines ?? (since == nil ? 10 : nil)
        let hasFilter = !types.isEmpty || !sources.isEmpty
        // The last so many that pass a filter may stand anywhere; without one the reader goes straight to them.
        let start: ChangeReader.Start = since.map { .after($0) } ?? .last(hasFilter ? .max : limit ?? .max)
        var reader = try ChangeReader(folder: state.streamFolder, from: start, isFollowing: follow)
        let view = try ChangeView(
            isPretty: (format ?? (standardOutput.isTerminal ? .pretty : .ndjson)) == .pretty,
            texts: withText ? openLedger(state) : nil)

        var kept = LastLines(limit: hasFilter || since != nil ? limit : nil)
        while let event = try reader.next() {
            guard let line = chosen(event) else { continue }
            if kept.keep(line) { continue }
            try show(line, view)
        }
        for line in kept.lines { try show(line, view) }
        standardOutput.flush()
        guard follow else { return }
        while try reader.wait() != .cancelled {
            while let event = try reader.next() {
                if let line = chosen(event) { try show(line, view) }
            }
            standardOutput.flush()
        }
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

    private func show(_ line: [UInt8], _ view: ChangeView) throws {
        standardOutput.put(try view.shown(line))
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
