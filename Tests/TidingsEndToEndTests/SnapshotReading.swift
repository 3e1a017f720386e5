import Foundation
import TestSupport

/// What a snapshot said, as a consumer takes it in.
struct SnapshotReading {
    let sequence: Int64
    /// As if each sighting had just been announced.
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
