import TidingsWatch

/// A look at a tree in which nothing has changed, against a bare walk of it: the scan alone, as a running daemon does it, and the
/// whole pass of a new process, which has to load what it knows of the files first.
func measureRescan(_ bench: Workbench) throws -> [Figure] {
    try bench.ingest()
    let root = try FolderRoot(path: bench.tree)
    let scan = FolderScan(rules: .everything)
    var table = try warmTable(root, scan)

    let nothing = Settings(name: "nothing", folder: "\(bench.path)/nothing", in: bench.path)
    try nothing.write()
    _ = try bench.tidings.runOnce(nothing)

    var walks: [Double] = []
    var scans: [Double] = []
    var passes: [Double] = []
    for _ in 0..<max(bench.rounds, 5) {
        walks.append(
            try seconds {
                guard try bareWalk(bench.tree) == bench.files else { throw BenchError("the tree is not what was made") }
            })
        scans.append(
            try seconds {
                let report = try scan.run(root, &table)
                guard report.unchangedCount == bench.files else { throw BenchError("\(report.unchangedCount) unchanged files") }
            })
        // Without what a process costs that has no files to look at.
        passes.append(try bench.tidings.runOnce(bench.settings).seconds - (try bench.tidings.runOnce(nothing).seconds))
    }
    let (walk, ours, pass) = (median(walks), median(scans), median(passes))
    return [
        Figure(
            name: "scan, of the time of a bare walk", value: ours / walk, unit: "x", target: .atMost(2),
            note: "\(decimal(ours * 1e3)) ms, walk \(decimal(walk * 1e3)) ms"),
        Figure(
            name: "pass of a new process, of a bare walk", value: pass / walk, unit: "x",
            note: "\(decimal(pass * 1e3)) ms more than over an empty folder"),
    ]
}

/// A table that knows every file of the tree.
private func warmTable(_ root: FolderRoot, _ scan: FolderScan) throws -> FileTable {
    var table = FileTable()
    let report = try scan.run(root, &table)
    for path in report.changed {
        guard case .changed(let status) = try scan.look(at: path, in: root, table) else { continue }
        table.set(path, fingerprint: status.fingerprint)
    }
    return table
}
