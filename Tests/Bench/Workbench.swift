import Foundation

/// The folder that the benchmarks work in, and what several of them use: a tree of files, and a state that has ingested it.
final class Workbench {
    let path: String
    let files: Int
    let rounds: Int
    let tidings: Program
    /// Whether the ingest is measured with the search index.
    var isSearchable = true
    private var hasTree = false
    private var hasIngested = false

    /// Files of one folder of the tree.
    private static let filesPerFolder = 1_000

    init(below parent: String?, files: Int, rounds: Int) throws {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        path = URL(filePath: parent).appending(path: "tidings-bench-\(getpid())").path
        self.files = files
        self.rounds = rounds
        tidings = try Program.besideThis()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    var tree: String { "\(path)/tree" }
    /// Of a state that has ingested the tree, once `ingested` was called.
    private(set) lazy var settings = Settings(name: "large", folder: tree, in: path)

    /// Makes the tree, once.
    func makeTree() throws {
        guard !hasTree else { return }
        for number in 0..<files {
            let folder = "\(tree)/\(number / Self.filesPerFolder)"
            if number % Self.filesPerFolder == 0 {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            try Data(SampleText.article(number)).write(to: URL(filePath: "\(folder)/article-\(number).txt"))
        }
        // What the kernel still has to write would be counted as the first figure's.
        sync()
        hasTree = true
    }

    /// Sees to it that a state has ingested the tree.
    func ingest() throws {
        guard !hasIngested else { return }
        try makeTree()
        try settings.write()
        _ = try tidings.runOnce(settings)
        hasIngested = true
    }
}

/// A settings file with one folder, and the state it names.
struct Settings {
    let file: String
    let folder: String
    let state: String

    init(name: String, folder: String, in path: String) {
        file = "\(path)/\(name).yaml"
        state = "\(path)/\(name)-state"
        self.folder = folder
    }

    var changes: String { "\(state)/stream/changes.ndjson" }

    func write(isSearchable: Bool = true) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = "state: \(state)\nlog_level: warning\nsearch: { enabled: \(isSearchable) }\nfolders:\n  - { name: bench, path: \"\(folder)\" }\n"
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    func removeState() { try? FileManager.default.removeItem(atPath: state) }

    /// Lines of all change files, without their headers.
    func publishedLines() throws -> Int {
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(state)/stream") where name.hasSuffix(".ndjson") {
            let bytes = try Data(contentsOf: URL(filePath: "\(state)/stream/\(name)"))
            count += bytes.count { $0 == UInt8(ascii: "\n") } - 1
        }
        return count
    }
}
