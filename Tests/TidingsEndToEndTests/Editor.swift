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
