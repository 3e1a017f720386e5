import CSQLite
import Foundation

/// What the database holds of each article, and of an edit that changes one sentence; and, where it is installed, how fast git stores
/// the same tree as a version.
func measureStorage(_ bench: Workbench) throws -> [Figure] {
    let folder = "\(bench.path)/stored"
    let settings = Settings(name: "stored", folder: folder, in: bench.path)
    try settings.write(isSearchable: false)
    defer {
        settings.removeState()
        try? FileManager.default.removeItem(atPath: folder)
    }
    let count = min(bench.files, 20_000)
    let sizes = try (0...2).map { edit in
        for number in 0..<count { try write(edited(SampleText.article(number), edit), to: "\(folder)/\(number).txt") }
        let run = try bench.tidings.runOnce(settings)
        return (bytes: try databaseBytes(settings), seconds: run.seconds)
    }
    let article = Double(sizes[0].bytes) / Double(count)
    let edit = Double(sizes[2].bytes - sizes[1].bytes) / Double(count)
    var figures = [
        Figure(
            name: "database, of the text", value: article / Double(SampleText.bytes), unit: "x", target: .atMost(0.6),
            note: "\(decimal(article)) bytes for an article of \(SampleText.bytes), all that is known of it included"),
        Figure(
            name: "database, of an edit of a sentence", value: edit, unit: "bytes", target: .atMost(400),
            note: "the line of the change included"),
        Figure(
            name: "edits a second, of first ingests", value: sizes[0].seconds / sizes[2].seconds, unit: "x", target: .atLeast(0.5),
            note: "\(decimal(Double(count) / sizes[2].seconds)) a second, a new process each, from its start to its end"),
    ]
    if let seconds = try secondsOfGit(folder, below: bench.path) {
        figures.append(
            Figure(
                name: "first ingest, of git add && git commit", value: seconds / sizes[0].seconds, unit: "x", target: .atLeast(1),
                note: "\(count) files, \(decimal(sizes[0].seconds)) s to \(decimal(seconds)) s"))
    }
    return figures
}

/// The text with another sentence in its middle for each edit.
private func edited(_ text: [UInt8], _ edit: Int) -> [UInt8] {
    guard edit > 0, let stop = text[(text.count / 2)...].firstIndex(of: UInt8(ascii: ".")) else { return text }
    return text[...stop] + Array(" Reporters counted \(edit * 37) boats at the quay on that evening.".utf8) + text[(stop + 1)...]
}

private func write(_ text: [UInt8], to path: String) throws { try Data(text).write(to: URL(filePath: path)) }

/// Of the pages that are in use.
private func databaseBytes(_ settings: Settings) throws -> Int {
    var database: OpaquePointer?
    defer { unsafe sqlite3_close(database) }
    var statement: OpaquePointer?
    defer { unsafe sqlite3_finalize(statement) }
    let sql = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    guard unsafe sqlite3_open_v2("\(settings.state)/db/tidings.db", &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
        unsafe sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK, unsafe sqlite3_step(statement) == SQLITE_ROW
    else { throw BenchError("cannot read the database of \(settings.state)") }
    return unsafe Int(sqlite3_column_int64(statement, 0))
}

/// Nil if git is not installed.
private func secondsOfGit(_ tree: String, below path: String) throws -> Double? {
    let repository = "\(path)/git"
    defer { try? FileManager.default.removeItem(atPath: repository) }
    func succeeds(_ arguments: String...) throws -> Bool {
        let common = ["git", "--git-dir", repository, "--work-tree", tree, "-c", "user.name=bench", "-c", "user.email=bench@example.org"]
        return try CapturedRun("env", common + arguments, limitSeconds: 600).end == .exit(status: 0)
    }
    guard try succeeds("init", "--quiet") else { return nil }
    return try seconds {
        guard try succeeds("add", "--all"), try succeeds("commit", "--quiet", "--message", "one") else {
            throw BenchError("git does not store the tree")
        }
    }
}
