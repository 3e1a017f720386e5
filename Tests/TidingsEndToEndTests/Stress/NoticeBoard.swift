import Foundation
import TestSupport

/// A folder of notices that somebody writes, edits, renames, copies and takes down.
struct NoticeBoard {
    /// With more notices than these, some are taken down at every step: the folder must not outgrow the test.
    private static let limit = 200

    let folder: String
    private var dice: Seeded
    /// File name to the headline that it shows.
    private var notices: [String: String] = [:]
    private var count = 0

    init(folder: String, seed: UInt64) {
        self.folder = folder
        dice = Seeded(seed: seed)
    }

    /// - Returns: the files that there are at the end, with their headlines.
    mutating func changeUntilCancelled() async throws -> [String: String] {
        while !Task.isCancelled {
            try change()
            // A daemon that waited for a pause would find none.
            try? await Task.sleep(for: .milliseconds(3))
        }
        return notices
    }

    private mutating func change() throws {
        let known = notices.keys.sorted().randomElement(using: &dice)
        let isFull = notices.count > Self.limit
        switch (Int.random(in: isFull ? 3..<13 : 0..<10, using: &dice), known) {
        case (3...5, let name?): try write(name)
        case (6, let name?):
            count += 1
            let new = "renamed-\(count).txt"
            try FileManager.default.moveItem(atPath: folder + "/" + name, toPath: folder + "/" + new)
            notices[new] = notices.removeValue(forKey: name)
        case (7, let name?):
            count += 1
            let copy = "copy-\(count).txt"
            try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: folder + "/" + copy)
            notices[copy] = notices[name]
        case (8..., let name?):
            try FileManager.default.removeItem(atPath: folder + "/" + name)
            notices[name] = nil
        default:
            count += 1
            try write("notice-\(count).txt")
        }
    }

    private mutating func write(_ name: String) throws {
        count += 1
        let headline = "Notice number \(count) of the harbor office"
        let text = "\(headline)\n\nWhoever reads notice \(count) knows what the harbor office wanted to say with it.\n"
        try text.write(toFile: folder + "/" + name, atomically: Bool.random(using: &dice), encoding: .utf8)
        notices[name] = headline
    }
}

/// Edits a feed until the task is cancelled: other words, another headline, a new item where the oldest leaves.
func edit(_ feed: Feed, seed: UInt64) async {
    var dice = Seeded(seed: seed)
    var number = 1_000
    while !Task.isCancelled {
        number += 1
        let kind = Int.random(in: 0..<4, using: &dice)
        let place = Int.random(in: 0..<1_000, using: &dice)
        feed.change { [number] items in
            let index = place % items.count
            switch kind {
            case 0: items[index].title = "Ship number \(items[index].number) is unloaded for the time \(number)"
            case 1:
                var item = Feed.Item(number: number)
                item.date = nil
                items.removeLast()
                items.insert(item, at: 0)
            default: items[index].text += " It was said again at \(number)."
            }
        }
        try? await Task.sleep(for: .milliseconds(40))
    }
}
