import Foundation
import TestSupport
import Testing

/// A consumer that reads all change files now and then, and keeps what it has not seen before.
struct Rereader {
    /// What is done to the files while it looks may leave lines in them that are none.
    let toleratesDamage: Bool
    private var seen: [String] = []
    private var known: Set<String> = []
    private var hasSeenName = false

    init(toleratesDamage: Bool = false) { self.toleratesDamage = toleratesDamage }

    var observation: Observation { Observation("who read the files now and then", lines: seen) }

    /// Reads all files. The name `changes.ndjson` must be there if it ever was, and nothing that was there may be gone.
    mutating func look(
        at tidings: Installation, after note: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let isThere = FileManager.default.fileExists(atPath: tidings.changeFile)
        #expect(isThere || !hasSeenName, "\(note): the name is gone", sourceLocation: sourceLocation)
        guard isThere else { return }
        hasSeenName = true
        var lines = try tidings.record()
        if toleratesDamage {
            // As far as it can be read without a hole.
            let isRight = lines.indices.map { (try? StreamLine(lines[$0]).sequence) == Int64($0 + 1) }
            lines = Array(lines.prefix(isRight.firstIndex(of: false) ?? lines.count))
        } else if let oldest = try lines.first.map(StreamLine.init) {
            // Older ones may be set aside already, when a new stream is about to begin, or be no longer kept.
            let now = Set(lines)
            let lost = try seen.filter { text in
                guard !now.contains(text) else { return false }
                let line = try StreamLine(text)
                return line.place.stream == oldest.place.stream && line.sequence >= oldest.sequence
            }
            #expect(lost == [], "\(note): lines are gone", sourceLocation: sourceLocation)
        }
        for line in lines where known.insert(line).inserted { seen.append(line) }
    }
}
