import Foundation
import Glibc
import TestSupport
import Testing

// Who follows the stream beside the daemon.

extension Follower {
    /// `tidings tail -f`. It may be killed, and is begun again after the last change that it had shown, as its users do.
    static func tidingsTail(
        of tidings: Installation, after start: Int64 = 0, keepsLines: Bool = true
    ) throws -> Follower {
        try Follower("tidings tail -f", after: start, isBegunAgain: true, keepsLines: keepsLines) { last in
            try tidings.start(["tail", "-f", "--since", "\(last)", "--format", "ndjson"])
        }
    }

    /// Over HTTP, on the Unix socket: `parts` asks for a part after a part, `events` takes server-sent events. It may be killed, as
    /// the daemon may.
    static func http(_ how: String, of tidings: Installation, after start: Int64 = 0) throws -> Follower {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Interfaces/follow.py")
        return try Follower("\(how) over HTTP", after: start, isBegunAgain: true) { last in
            try RunningProgram(
                ["-S", "-E", script.path, tidings.state + "/api.sock", how, "\(last)"], of: URL(fileURLWithPath: "/usr/bin/python3"))
        }
    }

    /// Waits until it has shown the last line of the change files.
    func catchUp(
        with tidings: Installation, seconds: Double = Installation.patienceSeconds, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        guard let last = try tidings.record().last else { return }
        try await tidings.wait("\(name) has shown \(last.prefix(60))", seconds: seconds, sourceLocation: sourceLocation) {
            try tend()
            return try hasShown(last)
        }
    }
}

/// `tail -F` on the file and `tidings tail -f`, as users of the daemon have them.
struct Followers {
    let tailF: Follower
    let tidingsTail: Follower
    var all: [Follower] { [tailF, tidingsTail] }

    /// - Parameters:
    ///   - start: the change before the first one of the change file.
    ///   - keepsLines: false where they are too many; then there are the tallies alone.
    init(_ tidings: Installation, after start: Int64 = 0, keepsLines: Bool = true) throws {
        tailF = try Follower(tidings.changeFile, after: start, keepsLines: keepsLines)
        tidingsTail = try .tidingsTail(of: tidings, after: start, keepsLines: keepsLines)
    }

    /// From the first line that is kept on. The stream must have begun.
    init(fromOldest tidings: Installation) throws { try self.init(tidings, after: changeBefore(tidings.record())) }

    /// Takes in what they have shown. Call it now and then.
    func tend() throws { for follower in all { try follower.tend() } }

    var observations: [Observation] { get throws { try all.map { try $0.observation } } }

    /// Where the change file was made anew or damaged in place, so that `tail -F` saw lines again, or cut and garbled: then its first
    /// sights count.
    var observationsOfDamage: [Observation] {
        get throws {
            let whole = Observation(tailF.name, after: tailF.start, lines: try tailF.lines.filter(Self.isWhole))
            return try [whole.firstSights, tidingsTail.observation]
        }
    }

    private static func isWhole(_ line: String) -> Bool {
        line.hasPrefix(#"{"specversion":"1.0","id":""#) && line.hasSuffix("}") && !line.contains("XXXX")
    }

    /// Waits until both have shown the last line of the change files.
    func catchUp(with tidings: Installation, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for follower in all { try await follower.catchUp(with: tidings, sourceLocation: sourceLocation) }
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
