import Glibc
import TestSupport
import Testing

/// Two consumers beside the daemon, as its users have them: `tail -F` on the file, and `tidings tail -f`. The stream must have
/// begun.
final class Consumers {
    private let follower: Follower
    private let tail: RunningProgram
    /// The change after which the stream begins.
    private let start: Int64

    init(_ tidings: Installation) throws {
        start = try (tidings.record().lazy.compactMap(SeenLine.init).first?.sequence ?? 1) - 1
        follower = try Follower(tidings.changeFile)
        tail = try tidings.start(["tail", "-f", "--since", "\(start)"])
    }

    deinit { tail.send(SIGKILL) }

    private var tailLines: [String] {
        tail.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// - Parameter isFileMadeAnew: whether the change file was, so that `tail -F` saw it from its beginning again; then its first
    ///   sights count.
    func witnesses(isFileMadeAnew: Bool) -> [Witness] {
        let all = Witness("tail -F", after: start, lines: follower.lines.filter { !isFileMadeAnew || Self.isWhole($0) })
        return [isFileMadeAnew ? all.firstSights : all, Witness("tidings tail -f", after: start, lines: tailLines)]
    }

    /// What was done to a file in place may be seen there by `tail -F`, cut and garbled.
    private static func isWhole(_ line: String) -> Bool {
        line.hasPrefix(#"{"specversion":"1.0","id":""#) && line.hasSuffix("}") && !line.contains("XXXX")
    }

    /// Waits until both have seen the last line of the change files.
    func catchUp(with tidings: Installation, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let last = try #require(try tidings.record().last, sourceLocation: sourceLocation)
        try await tidings.wait("both have seen \(last.prefix(60))", sourceLocation: sourceLocation) {
            follower.lines.contains(last) && tailLines.contains(last)
        }
    }
}

extension Installation {
    /// Whose folder is believed at once.
    static func prompt() throws -> Installation {
        try Installation("folders:\n  - { name: news, path: news, settle: 0ms }\n")
    }

    func writeNotice(_ number: Int) throws {
        try write(
            "Notice number \(number) of the harbor office\n\nWhoever reads notice \(number) knows what it says, and no more.\n",
            to: "\(number).txt")
    }

    /// Waits until the present stream has so many lines.
    func waitForRecord(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await wait("\(count) lines", sourceLocation: sourceLocation) { (try? record())?.count ?? 0 >= count }
    }
}
