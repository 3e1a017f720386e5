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

    /// Reads all there is.
    func read() throws {
        while let event = try reader.next() {
            guard case .line(_, let bytes) = event else { continue }
            lines.append(String(decoding: bytes.dropLast(), as: UTF8.self))
        }
    }

    var witness: Witness { Witness(name, after: start, lines: lines) }
}
