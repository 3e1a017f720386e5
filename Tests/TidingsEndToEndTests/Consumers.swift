import Foundation
import TestSupport

/// Somebody who writes, edits, renames, copies and removes files of the source `news` until told to stop, never two at once.
struct Editor {
    let folder: String
    private var dice: Seeded
    private var names: [String] = []
    private var count = 0

    init(folder: String, seed: UInt64) {
        self.folder = folder
        dice = Seeded(seed: seed)
    }

    mutating func workUntilCancelled() async throws {
        while !Task.isCancelled {
            try step()
            // Not so fast that the folder outgrows the test; what it does is random anyway.
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private mutating func step() throws {
        count += 1
        let place = names.indices.randomElement(using: &dice)
        switch (Int.random(in: 0..<10, using: &dice), place) {
        case (3...5, let place?): try write(names[place])
        case (6, let place?):
            let new = "renamed-\(count).txt"
            try FileManager.default.moveItem(atPath: path(names[place]), toPath: path(new))
            names[place] = new
        case (7, let place?):
            try FileManager.default.copyItem(atPath: path(names[place]), toPath: path("copy-\(count).txt"))
            names.append("copy-\(count).txt")
        case (8...9, let place?): try FileManager.default.removeItem(atPath: path(names.remove(at: place)))
        default:
            names.append("note-\(count).txt")
            try write("note-\(count).txt")
        }
    }

    private func write(_ name: String) throws {
        let headline = "Log entry number \(count) of the ferry"
        try "\(headline)\n\nOn this day, the \(count)th since the ice has gone, the ferry carried all who came and two goats.\n"
            .write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    private func path(_ name: String) -> String { folder + "/" + name }
}

/// What a snapshot said, as a consumer takes it in.
struct TakenSnapshot {
    let sequence: Int64
    /// As if each sighting had just been announced: what a fold of the stream would know.
    let lines: [StreamLine]
    /// Of each article, where texts were asked for.
    let texts: [String: String]

    /// Throws unless it is whole.
    init(_ output: [String]) throws {
        let events = try output.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
        guard let begin = events.first, let end = events.last, begin["type"] as? String == "tidings.snapshot.begin",
            end["type"] as? String == "tidings.snapshot.end", let ending = end["data"] as? [String: Int],
            begin["data"] as? [String: Int] == ending, ending["articles"] == events.count - 2, let sequence = ending["sequence"]
        else { throw NotWhole(output: output.last ?? "") }
        self.sequence = Int64(sequence)
        var lines: [StreamLine] = []
        var texts: [String: String] = [:]
        for event in events.dropFirst().dropLast() {
            guard event["type"] as? String == "tidings.snapshot.article", var data = event["data"] as? [String: Any],
                let sightings = data["sightings"] as? [[String: Any]], !sightings.isEmpty
            else { throw NotWhole(output: "\(event)") }
            texts[event["subject"] as? String ?? ""] = (data["item"] as? [String: Any])?["content_text"] as? String
            for sighting in sightings {
                data["origin"] = sighting
                let line = event.merging(["type": "tidings.article.created", "data": data]) { _, new in new }
                lines.append(try StreamLine(String(decoding: JSONSerialization.data(withJSONObject: line), as: UTF8.self)))
            }
        }
        self.lines = lines
        self.texts = texts
    }

    struct NotWhole: Error { let output: String }
}
