import TestSupport

@testable import TidingsStream

/// A program that reads the stream beside the daemon, now and then, and remembers all it saw.
final class Follower {
    let name: String
    private let start: Int64
    private var reader: ChangeReader
    private(set) var lines: [String] = []

    init(_ name: String, _ folder: String, after start: Int64) throws {
        self.name = name
        self.start = start
        reader = try ChangeReader(folder: folder, from: .after(start), isFollowing: false)
    }

    /// Whether what came next went before it was read: then it is told so, and begins anew elsewhere.
    private var isTooLate = false

    /// Reads all there is.
    /// - Parameter first: the first change that retention has left. Within that there must be no hole.
    func read(keptFrom first: Int64 = 0) throws {
        while !isTooLate {
            do {
                guard let event = try reader.next() else { return }
                guard case .line(_, let bytes) = event else { continue }
                lines.append(String(decoding: bytes.dropLast(), as: UTF8.self))
            } catch {
                guard case .tooOld = error.reason, reader.last + 1 < first else { throw error }
                isTooLate = true
            }
        }
    }

    var observation: Observation { Observation(name, after: start, lines: lines) }
}
