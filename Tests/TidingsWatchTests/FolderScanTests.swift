import Glibc
import Testing
@testable import TidingsWatch

@Suite("scans")
struct FolderScanTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    /// A table that has read all of the folder.
    private func readAll(_ scan: FolderScan = eager()) throws -> FileTable {
        var table = FileTable()
        let root = try folder.root()
        for path in try scan.run(root, &table).changed { try remember(path, scan, &table) }
        return table
    }

    private func remember(_ path: RawPath, _ scan: FolderScan, _ table: inout FileTable) throws {
        guard case .changed(let status) = try scan.look(at: path, in: folder.root(), table) else { return }
        table.set(path, fingerprint: status.fingerprint)
    }

    @Test("a first scan reports all files in the order of their paths, a second none")
    func comparesWithTheTable() throws {
        try folder.makeFolder("b")
        for name in ["c.md", "a.md", "b/x.txt", ".hidden", "d.tmp", "empty.md"] {
            try folder.write(name, name == "empty.md" ? "" : "text")
        }
        var table = FileTable()
        let first = try eager().run(folder.root(), &table)
        #expect(texts(first.changed) == ["a.md", "b/x.txt", "c.md"])
        #expect(first.emptyCount == 1)
        #expect(first.isComplete)
        table = try readAll()
        let second = try eager().run(folder.root(), &table)
        #expect(second.changed.isEmpty)
        #expect(second.unchangedCount == 3)
        #expect(second.unmarkedCount == 0)
    }

    @Test("a changed file is reported until it is remembered")
    func reportsUntilRemembered() throws {
        try folder.write("a.md")
        var table = try readAll()
        try folder.write("a.md", "other text")
        for _ in 0..<2 { #expect(texts(try eager().run(folder.root(), &table).changed) == ["a.md"]) }
        try remember(raw("a.md"), eager(), &table)
        #expect(try eager().run(folder.root(), &table).changed.isEmpty)
    }

    @Test("an old mtime hides no new file, and equal size and mtime hide no change")
    func trustsNoMtime() throws {
        try folder.write("a.md", "one")
        #expect(shell("touch -d 2001-01-01 \(folder.full("a.md"))") == 0)
        var table = try readAll()
        #expect(table.count == 1)
        #expect(shell("printf two > \(folder.full("a.md")); touch -d 2001-01-01 \(folder.full("a.md"))") == 0)
        #expect(texts(try eager().run(folder.root(), &table).changed) == ["a.md"])
    }

    @Test("a file written through mmap, which makes no event, is found")
    func findsMapped() throws {
        try folder.write("a.md", "one")
        var table = try readAll()
        let file = unsafe open(folder.full("a.md"), O_RDWR)
        let memory = unsafe mmap(nil, 3, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        close(file)
        unsafe memory?.storeBytes(of: UInt8(ascii: "x"), as: UInt8.self)
        unsafe msync(memory, 3, MS_SYNC)
        unsafe munmap(memory, 3)
        #expect(texts(try eager().run(folder.root(), &table).changed) == ["a.md"])
    }

    @Test("re-ingest reports unchanged files, too")
    func readsEverything() throws {
        try folder.write("a.md")
        var table = try readAll()
        var scan = eager()
        scan.readsEverything = true
        #expect(texts(try scan.run(folder.root(), &table).changed) == ["a.md"])
    }

    @Test("a file written a moment ago is young, unless its writer closed it; from the future it is settled")
    func settles() throws {
        try folder.write("a.md")
        var table = FileTable()
        let slow = FolderScan(rules: .everything, settle: .seconds(3_600))
        let report = try slow.run(folder.root(), &table)
        #expect(texts(report.young) == ["a.md"])
        #expect(report.changed.isEmpty)
        #expect(report.youngSettleIn > .seconds(3_000))
        guard case .young = try slow.look(at: raw("a.md"), in: folder.root(), table) else { Issue.record("not young"); return }
        guard case .changed = try slow.look(at: raw("a.md"), in: folder.root(), table, isClosed: true) else {
            Issue.record("not changed")
            return
        }
        #expect(!table.isUnmarked(raw("a.md")))
    }

    @Test("a removed file is unmarked, one that became empty or too large is not")
    func provesAbsence() throws {
        for name in ["stays.md", "gone.md", "emptied.md", "grown.md"] { try folder.write(name) }
        var table = try readAll()
        try folder.remove("gone.md")
        try folder.write("emptied.md", "")
        unsafe truncate(folder.full("grown.md"), 2 << 30)
        let report = try eager().run(folder.root(), &table)
        #expect(report.unmarkedCount == 1)
        #expect(report.suggestsGone(raw("gone.md"), in: table))
        for name in ["stays.md", "emptied.md", "grown.md"] { #expect(!report.suggestsGone(raw(name), in: table)) }
        #expect(report.skipped.tooLargeCount == 1)
        #expect(try eager().look(at: raw("gone.md"), in: folder.root(), table) == .missing)
    }

    @Test("symlinks to files, folders, outside and in loops are counted and not followed; FIFOs and sockets neither")
    func followsNothing() throws {
        try folder.makeFolder("sub")
        try folder.write("sub/a.md")
        try Folder.write(folder.outside, "secret")
        for (target, name) in [("a.md", "sub/file.md"), ("..", "sub/loop"), ("../outside", "out.md"), ("/etc", "etc")] {
            unsafe symlink(target, folder.full(name))
        }
        unsafe mkfifo(folder.full("fifo.md"), 0o644)
        var table = FileTable()
        let report = try eager().run(folder.root(), &table)
        #expect(texts(report.changed) == ["sub/a.md"])
        #expect(report.skipped.symlinkCount == 4)
        #expect(report.skipped.specialCount == 1)
        #expect(report.skipped.examples.contains(.init(path: raw("out.md"), reason: .symlink)))
        #expect(try eager().look(at: raw("sub/loop/sub/a.md"), in: folder.root(), table) == .skipped(.symlink))
        #expect(try eager().look(at: raw("fifo.md"), in: folder.root(), table) == .skipped(.special))
        #expect(try eager().look(at: raw("sub"), in: folder.root(), table) == .folder)
    }

    @Test("below an unreadable folder nothing counts as gone")
    func keepsUnread() throws {
        try folder.makeFolder("closed")
        try folder.write("closed/a.md")
        try folder.write("gone.md")
        var table = try readAll()
        try folder.remove("gone.md")
        unsafe chmod(folder.full("closed"), 0)
        let path = folder.path
        let start = table
        let (report, after) = try asNobody { () -> (ScanReport?, FileTable) in
            var table = start
            return (try? eager().run(FolderRoot(path: path), &table), table)
        }
        table = after
        let seen = try #require(report)
        #expect(!seen.isComplete)
        #expect(seen.unread.map(\.path) == [raw("closed")])
        #expect(seen.unmarkedCount == 2)
        #expect(!seen.suggestsGone(raw("closed/a.md"), in: table))
        #expect(seen.suggestsGone(raw("gone.md"), in: table))
    }

    @Test("names with newlines, bad UTF-8 and 255 bytes are found and read")
    func findsOddNames() throws {
        let names: [RawPath] = [raw("two\nlines.md"), [0x66, 0xFF, 0xFE], [UInt8](repeating: 0x79, count: 255)]
        for name in names {
            let path = raw(folder.path).appending(name).map { CChar(bitPattern: $0) } + [0]
            let file = unsafe open(path, O_WRONLY | O_CREAT, 0o644)
            unsafe write(file, "x", 1)
            close(file)
        }
        var table = FileTable()
        let report = try eager().run(folder.root(), &table)
        #expect(Set(report.changed) == Set(names))
        let root = try folder.root()
        for name in report.changed {
            guard case .read = StableRead.read(name, in: root, limitBytes: 9) else { Issue.record("not read"); return }
        }
    }

    @Test("a tree 1,000 folders deep, with paths past the kernel's limit, is walked, and read at its bottom")
    func walksDeep() throws {
        let depth = 1_000
        let name = "folder-x"
        // As much of the path at a time as the kernel takes.
        let part = Array(repeating: name, count: 250).joined(separator: "/")
        let descend = "for i in 1 2 3 4; do mkdir -p \(part) && cd -P \(part) || exit 1; done"
        #expect(shell("cd \(folder.path); \(descend); printf deep > a.md") == 0)
        var table = FileTable()
        let root = try folder.root()
        let report = try eager().run(root, &table)
        #expect(report.folderCount == depth + 1)
        let path = try #require(report.changed.first)
        #expect(path.count == depth * (name.utf8.count + 1) + 4)
        guard case .read(let file) = StableRead.read(path, in: root, limitBytes: 99) else { Issue.record("not read"); return }
        #expect(file.bytes == Array("deep".utf8))
    }

    @Test("a part of the tree is scanned alone, and a part that is not there is empty")
    func scansSubtrees() throws {
        for name in ["a", "a/b", "c"] { try folder.makeFolder(name) }
        for name in ["a/b/1.md", "a/2.md", "c/3.md"] { try folder.write(name) }
        var table = FileTable()
        #expect(texts(try eager().run(folder.root(), subtree: raw("a"), &table).changed) == ["a/2.md", "a/b/1.md"])
        #expect(try eager().run(folder.root(), subtree: raw("gone"), &table).changed.isEmpty)
        #expect(try eager().run(folder.root(), subtree: raw(".git"), &table).changed.isEmpty)
    }

    @Test("a scan stops when it is told to")
    func stops() throws {
        for number in 0..<600 { try folder.write("\(number).md") }
        var table = FileTable()
        var counts: [Int] = []
        #expect(throws: FolderError.self) {
            try eager().run(folder.root(), &table) { count in
                counts.append(count)
                return counts.count < 2
            }
        }
        #expect(counts == [256, 512])
    }

    @Test("a root that is missing, a file, unreadable or on another device is an error with the next step")
    func rejectsRoots() throws {
        func reason(_ path: String, device: UInt64? = nil) -> FolderError.Reason? {
            do throws(FolderError) { _ = try FolderRoot(path: path, expectedDevice: device) } catch { return error.reason }
            return nil
        }
        try folder.write("file")
        #expect(reason(folder.full("nothing")) == .missing)
        #expect(reason(folder.full("file")) == .notAFolder)
        #expect(reason(folder.path, device: 4_711) == .otherFileSystem)
        #expect(reason(folder.path, device: try folder.root().device) == nil)
        unsafe chmod(folder.path, 0)
        let path = folder.path
        let unreadable = try asNobody { () -> FolderError? in
            do throws(FolderError) { _ = try FolderRoot(path: path) } catch { return error }
            return nil
        }
        #expect(unreadable?.reason == .unreadable)
    }

    @Test("a root that goes away or is replaced during a look proves no absence")
    func noticesReplacement() throws {
        for number in 0..<600 { try folder.write("\(number).md") }
        var table = try readAll()
        let root = try folder.root()
        let path = folder.path
        do throws(FolderError) {
            _ = try eager().run(root, &table) { _ in
                shell("rm -rf \(path)")
                return true
            }
            Issue.record("the scan succeeded")
        } catch {
            #expect(error.reason == .missing)
        }
        #expect(throws: FolderError.self) { try eager().look(at: raw("1.md"), in: root, table) }
        unsafe mkdir(path, 0o755)
        #expect(throws: FolderError.self) { try eager().look(at: raw("1.md"), in: root, table) }
    }
}
