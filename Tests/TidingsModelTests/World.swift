import TestSupport
import TidingsCore

/// What stands in the authors' folders and feeds, whether anybody has looked or not.
struct World: Sendable {
    static let folders = ["docs", "copies"]
    static let feeds = ["north", "south"]
    static var sources: [(name: String, kind: SourceKind)] {
        folders.map { ($0, SourceKind.folder) } + feeds.map { ($0, .feed) }
    }
    static let paths = ["a", "b", "x/a", "x/b", "y/a", "y/b"]

    enum File: Hashable, Sendable {
        case article(Written)
        case list([Written])
    }

    struct Feed: Sendable {
        struct Entry: Sendable {
            var item: Written
            /// Taken out, in the midst of the list.
            var isHidden = false
        }
        /// Newest first.
        var entries: [Entry] = []
        var size = 6
        var tombstones: [String] = []
        var count: Int64 = 0

        var listed: [Written] { Array(entries.lazy.filter { !$0.isHidden }.map(\.item).prefix(size)) }
    }

    var files: [[String: File]] = World.folders.map { _ in [:] }
    var feeds: [Feed] = World.feeds.map { _ in Feed() }
    var configured = Set(World.sources.map(\.name))

    /// Something to begin with in every place.
    init() {
        for text in 1...5 {
            apply(.write(folder: 0, path: text, text: text, author: 0))
            for feed in World.feeds.indices { apply(.publish(feed: feed, text: 2 * text, style: text + feed)) }
        }
    }

    mutating func apply(_ edit: Edit) {
        switch edit {
        case .write(let folder, let path, let text, let author):
            files[folder][Self.paths[path]] = .article(Written(text: Texts[text], author: Self.author(author)))
        case .list(let folder, let path, let texts):
            let items = texts.enumerated().map { Written(id: "\($0 + 1)", text: Texts[$1]) }
            files[folder][Self.paths[path]] = .list(items.filter { !$0.text.isEmpty })
        case .delete(let folder, let path): files[folder][Self.paths[path]] = nil
        case .rename(let folder, let path, let new):
            guard path != new, let file = files[folder].removeValue(forKey: Self.paths[path]) else { return }
            files[folder][Self.paths[new]] = file
        case .copy(let folder, let path, let other, let new):
            guard let file = files[folder][Self.paths[path]] else { return }
            files[other][Self.paths[new]] = file
        case .publish(let feed, let text, let style): publish(feed, text, style)
        case .revise(let feed, let place, let text, let author):
            guard let place = self.place(place, in: feed) else { return }
            feeds[feed].entries[place].item.text = Texts[text]
            feeds[feed].entries[place].item.author = Self.author(author)
        case .hide(let feed, let place):
            guard let place = self.place(place, in: feed) else { return }
            feeds[feed].entries[place].isHidden.toggle()
        case .bury(let feed, let place):
            guard let place = self.place(place, in: feed) else { return }
            feeds[feed].entries[place].isHidden = true
            feeds[feed].tombstones.append(feeds[feed].entries[place].item.id ?? "")
        case .churn(let feed, let place, let round):
            for entry in feeds[feed].entries.indices where place == nil || entry == self.place(place ?? 0, in: feed) {
                feeds[feed].entries[entry].item.id = Self.churned(feeds[feed].entries[entry].item.id ?? "", round)
            }
        case .resize(let feed, let size): feeds[feed].size = size
        }
    }

    private static func author(_ number: Int) -> String? { number == 0 ? nil : "Author \(number)" }

    private func place(_ place: Int, in feed: Int) -> Int? {
        feeds[feed].entries.isEmpty ? nil : place % feeds[feed].entries.count
    }

    private mutating func publish(_ feed: Int, _ text: Int, _ style: Int) {
        feeds[feed].count += 1
        let number = feeds[feed].count
        let id = style % 2 == 0 ? "g\(number)" : "https://h0.test/?p=\(number)"
        let item = Written(
            id: id, text: Texts[text], url: style < 3 ? "https://\(World.feeds[feed]).test/\(number)" : nil, date: number * 60_000)
        feeds[feed].entries.insert(.init(item: item), at: 0)
    }

    /// Another id for what had `id`: `g7-2`, or the same address at another host.
    private static func churned(_ id: String, _ round: Int) -> String {
        if id.hasPrefix("g") { return "\(id.split(separator: "-")[0])-\(round)" }
        return "\(round % 3 == 0 ? "http" : "https")://h\(round / 2).test/\(id.split(separator: "/").last ?? "")"
    }
}

/// What an author does.
enum Edit: Sendable {
    case write(folder: Int, path: Int, text: Int, author: Int)
    case list(folder: Int, path: Int, texts: [Int])
    case delete(folder: Int, path: Int)
    case rename(folder: Int, path: Int, new: Int)
    case copy(folder: Int, path: Int, other: Int, new: Int)
    case publish(feed: Int, text: Int, style: Int)
    case revise(feed: Int, place: Int, text: Int, author: Int)
    /// Takes an item out of the list, or puts it back.
    case hide(feed: Int, place: Int)
    /// Takes it out and says so (RFC 6721).
    case bury(feed: Int, place: Int)
    /// Gives one item another id, or all of them.
    case churn(feed: Int, place: Int?, round: Int)
    case resize(feed: Int, size: Int)
}

extension Edit {
    static func random(using random: inout Seeded) -> Edit {
        func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
        let folder = below(World.folders.count)
        let path = below(World.paths.count)
        let feed = below(World.feeds.count)
        let text = below(Texts.all.count)
        switch below(24) {
        case 0..<5: return .write(folder: folder, path: path, text: text, author: below(4) / 2)
        case 5..<7: return .list(folder: folder, path: path, texts: (0...below(3)).map { _ in below(Texts.all.count) })
        case 7..<9: return .delete(folder: folder, path: path)
        case 9..<11: return .rename(folder: folder, path: path, new: below(World.paths.count))
        case 11..<13: return .copy(folder: folder, path: path, other: below(World.folders.count), new: below(World.paths.count))
        case 13..<17: return .publish(feed: feed, text: text, style: below(4))
        case 17..<19: return .revise(feed: feed, place: below(6), text: text, author: below(4) / 2)
        case 19..<21: return .hide(feed: feed, place: below(6))
        case 21: return .bury(feed: feed, place: below(6))
        case 22: return .churn(feed: feed, place: below(2) == 0 ? below(6) : nil, round: below(6))
        default: return .resize(feed: feed, size: 1 + below(7))
        }
    }
}
