import Glibc
import Testing
import TidingsSystem
@testable import TidingsWatch

/// A settle time that no test lives to see: a hint that comes all the same did not wait for it.
private let never = Duration.seconds(3_600)
private let soon = Duration.milliseconds(30)

@Suite("hints", .timeLimit(.minutes(1)))
struct FolderWatcherTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    /// A watcher whose watches are all set.
    private func watcher(settle: Duration, rules: PathRules = .everything) async throws -> FolderWatcher {
        let watcher = try FolderWatcher(path: folder.path, rules: rules, settle: settle)
        var hints = watcher.hints.makeAsyncIterator()
        #expect(await hints.next() == .everything)
        #expect(watcher.state == .watching)
        return watcher
    }

    /// The hints up to the first that `isLast` holds of; all there are, if the time limit strikes.
    @discardableResult
    private func hints(of watcher: FolderWatcher, until isLast: (FolderHint) -> Bool) async -> [FolderHint] {
        var seen: [FolderHint] = []
        for await hint in watcher.hints {
            seen.append(hint)
            if isLast(hint) { return seen }
        }
        Issue.record("the hint did not come, only \(seen)")
        return seen
    }

    /// The hints up to that for the file "end", which is written now: what came before it came at once.
    private func hintsSoFar(of watcher: FolderWatcher) async throws -> [FolderHint] {
        try folder.write("end")
        var seen = await hints(of: watcher) { names($0).contains("end") }
        let others = seen.popLast().map(names)?.filter { $0 != "end" } ?? []
        if !others.isEmpty { seen.append(.files(others.map(raw))) }
        return seen
    }

    private func names(_ hint: FolderHint) -> [String] {
        switch hint {
        case .files(let paths), .subtrees(let paths): texts(paths)
        case .everything, .root, .renamed: []
        }
    }

    @Test("a file closed after writing, or moved in, is hinted at without waiting")
    func hintsAtOnce() async throws {
        let watcher = try await watcher(settle: never)
        try folder.write("a.md")
        await hints(of: watcher) { $0 == .files([raw("a.md")]) }
        try Folder.write(folder.outside, "text")
        unsafe rename(folder.outside, folder.full("b.md"))
        await hints(of: watcher) { $0 == .files([raw("b.md")]) }
    }

    @Test("written under a temporary name and renamed over: one hint, for the final name", arguments: [
        "a.md.tmp", ".a.md.Ab12Cd", "a.md~",
    ])
    func hintsAtFinalName(temporary: String) async throws {
        try folder.write("a.md")
        let watcher = try await watcher(settle: never)
        try folder.write(temporary)
        try folder.move(temporary, "a.md")
        #expect(try await hintsSoFar(of: watcher) == [.files([raw("a.md")])])
    }

    @Test("a rename gives both names in one hint, and before it which was which")
    func hintsAtBothNames() async throws {
        try folder.write("old.md")
        let watcher = try await watcher(settle: never)
        try folder.move("old.md", "new.md")
        let seen = await hints(of: watcher) { $0 == .files([raw("new.md"), raw("old.md")]) }
        #expect(seen.contains(.renamed([raw("new.md"): raw("old.md")])))
    }

    @Test("hard link, truncate, chmod, removal and moving out make a hint when the path is quiet", arguments: [
        ("ln \"$1\" b.md", "b.md"), ("truncate", "a.md"), ("chmod 600 a.md", "a.md"), ("rm a.md", "a.md"),
        ("mv a.md ../elsewhere", "a.md"),
    ])
    func hintsWhenQuiet(command: String, name: String) async throws {
        try folder.write("a.md")
        try Folder.write(folder.outside, "text")
        let patient = try await watcher(settle: never)
        let watcher = try await watcher(settle: soon)
        if command == "truncate" {
            // truncate(1) opens and closes the file, truncate(2) does not.
            #expect(unsafe truncate(folder.full("a.md"), 2) == 0)
        } else {
            #expect(shell("cd \(folder.path) && set -- \(folder.outside) && \(command)") == 0)
        }
        await hints(of: watcher) { names($0) == [name] }
        #expect(try await hintsSoFar(of: patient) == [])
    }

    @Test("a file that is removed and written anew at once is hinted at once, as written")
    func hintsAtRewritten() async throws {
        try folder.write("a.md")
        let watcher = try await watcher(settle: never)
        try folder.remove("a.md")
        try folder.write("a.md", "again")
        #expect(try await hintsSoFar(of: watcher) == [.files([raw("a.md")])])
    }

    @Test("a file saved a thousand times makes few hints, and one after the last time")
    func coalesces() async throws {
        let watcher = try await watcher(settle: .milliseconds(200))
        for number in 0..<1_000 { try folder.write("a.md", "\(number)") }
        let started = monotonicNanoseconds()
        var count = 0
        await hints(of: watcher) { _ in
            count += 1
            return count > 1 && monotonicNanoseconds() > started
        }
        #expect(count <= 10)
    }

    @Test("folders made in one go with their files are watched and hinted at")
    func watchesNewFolders() async throws {
        let watcher = try await watcher(settle: never)
        var table = FileTable()
        for round in 0..<20 {
            #expect(shell("mkdir -p \(folder.full("\(round)/b/c")) && echo text > \(folder.full("\(round)/b/c/d.md"))") == 0)
        }
        var found: Set<String> = []
        await hints(of: watcher) { hint in
            switch hint {
            case .files(let paths): found.formUnion(texts(paths))
            case .subtrees(let paths):
                for path in paths {
                    guard let root = try? folder.root() else { continue }
                    let report = try? eager().run(root, subtree: path, &table)
                    found.formUnion(texts(report?.changed ?? PathList()))
                }
            case .everything, .root, .renamed: break
            }
            return found.count == 20
        }
        try folder.write("7/b/c/later.md")
        await hints(of: watcher) { names($0).contains("7/b/c/later.md") }
    }

    @Test("a folder moved in full is hinted at with the new path, moved within with both, moved out with the old")
    func followsMovedFolders() async throws {
        let watcher = try await watcher(settle: soon)
        #expect(shell("mkdir -p \(folder.outside)/deep; echo text > \(folder.outside)/deep/a.md") == 0)
        unsafe rename(folder.outside, folder.full("in"))
        await hints(of: watcher) { $0 == .subtrees([raw("in")]) }
        try folder.move("in", "within")
        await hints(of: watcher) { $0 == .subtrees([raw("in"), raw("within")]) }
        try folder.write("within/deep/b.md")
        await hints(of: watcher) { names($0) == ["within/deep/b.md"] }
        unsafe rename(folder.full("within"), folder.outside)
        await hints(of: watcher) { $0 == .subtrees([raw("within")]) }
        try Folder.write(folder.outside + "/deep/c.md", "text")
        #expect(try await hintsSoFar(of: watcher) == [])
    }

    @Test("what is excluded is not watched")
    func respectsRules() async throws {
        let watcher = try await watcher(settle: never, rules: PathRules(include: ["*.md", "end"], exclude: ["drafts"]))
        #expect(shell("cd \(folder.path); mkdir drafts .git; touch drafts/a.md .git/b.md c.txt .d.md") == 0)
        #expect(try await hintsSoFar(of: watcher) == [])
    }

    @Test("a queue that overflows ends in a scan of everything, and the watches are whole again")
    func survivesOverflow() async throws {
        let watcher = try await watcher(settle: never)
        watcher.pause(true)
        for number in 0..<20_000 { try folder.write("\(number).md", "x") }
        // Nobody hears of this one.
        try folder.makeFolder("new")
        watcher.pause(false)
        await hints(of: watcher) { $0 == .everything }
        var table = FileTable()
        #expect(try eager().run(folder.root(), &table).changed.count == 20_000)
        try folder.write("new/after.md")
        await hints(of: watcher) { names($0).contains("new/after.md") }
    }

    @Test("a consumer that falls behind is told to look at everything")
    func collapses() async throws {
        let hints = FolderHints(limit: 3)
        hints.push(.files([raw("a"), raw("b")]))
        hints.push(.files([raw("b"), raw("c")]))
        var iterator = hints.makeAsyncIterator()
        #expect(await iterator.next() == .files([raw("a"), raw("b"), raw("c")]))
        hints.push(.files([raw("a"), raw("b")]))
        hints.push(.subtrees([raw("c"), raw("d")]))
        #expect(await iterator.next() == .everything)
        hints.push(.subtrees([raw("c")]))
        hints.push(.root)
        #expect(await iterator.next() == .root)
        hints.finish()
        #expect(await iterator.next() == nil)
    }

    @Test("a root that is deleted or moved away is lost, and back when it is made again", arguments: [
        "rm -rf root", "mv root outside",
    ])
    func noticesTheRoot(command: String) async throws {
        try folder.write("a.md")
        let watcher = try await watcher(settle: never)
        #expect(shell("cd \(folder.path)/.. && \(command)") == 0)
        await hints(of: watcher) { $0 == .root }
        guard case .rootLost(let error) = watcher.state else { Issue.record("\(watcher.state)"); return }
        #expect(error.reason == .missing)
        unsafe mkdir(folder.path, 0o755)
        await hints(of: watcher) { $0 == .everything }
        try folder.write("b.md")
        await hints(of: watcher) { names($0) == ["b.md"] }
    }

    @Test("a root that is missing at the start is waited for")
    func waitsForTheRoot() async throws {
        #expect(shell("rm -rf \(folder.path)") == 0)
        let watcher = try FolderWatcher(path: folder.path, rules: .everything)
        await hints(of: watcher) { $0 == .root }
        unsafe mkdir(folder.path, 0o755)
        await hints(of: watcher) { $0 == .everything }
        #expect(watcher.state == .watching)
    }

    @Test("without its parent the root is found by a retry")
    func retries() async throws {
        let watcher = try FolderWatcher(path: folder.full("not/yet"), rules: .everything)
        await hints(of: watcher) { $0 == .root }
        #expect(shell("mkdir -p \(folder.full("not/yet"))") == 0)
        watcher.retry()
        await hints(of: watcher) { $0 == .everything }
        #expect(watcher.state == .watching)
    }

    @Test("a root on a file system that is unmounted is lost, and its empty mount point is another device",
        .enabled(if: geteuid() == 0, "only root may mount"))
    func noticesUnmounting() async throws {
        #expect(unsafe mount("none", folder.path, "tmpfs", 0, nil) == 0)
        try folder.write("a.md")
        let device = try folder.root().device
        let watcher = try await watcher(settle: never)
        #expect(unsafe umount(folder.path) == 0)
        await hints(of: watcher) { $0 == .root }
        let path = folder.path
        #expect(throws: FolderError.self) { try FolderRoot(path: path, expectedDevice: device) }
    }

    @Test("a folder that was closed to the daemon and is opened is hinted at")
    func noticesOpenedFolders() async throws {
        try folder.makeFolder("closed")
        unsafe chmod(folder.full("closed"), 0)
        let watcher = try await watcher(settle: soon)
        unsafe chmod(folder.full("closed"), 0o755)
        await hints(of: watcher) { $0 == .subtrees([raw("closed")]) }
    }

    @Test("past the watch limit the state says so, and what is watched still gives hints")
    func degrades() async throws {
        for name in ["a", "b", "c"] { try folder.makeFolder(name) }
        let watcher = try FolderWatcher(path: folder.path, rules: .everything, settle: never, watchLimit: 2)
        await hints(of: watcher) { $0 == .everything }
        #expect(watcher.state == .degraded("more than 2 folders in \(folder.path)"))
        try folder.write("x.md")
        await hints(of: watcher) { names($0) == ["x.md"] }
    }

    @Test("a shortage names the sysctl to raise", arguments: [
        (ENOSPC, "fs.inotify.max_user_watches"), (EMFILE, "fs.inotify.max_user_instances"),
    ])
    func advises(code: Int32, sysctl: String) {
        #expect(WatchLoop.advice(SystemError(code: code), "/news").hasSuffix("raise the sysctl " + sysctl))
    }

    @Test("network and FUSE file systems are not watched, local ones are", arguments: [
        (0x6969, "NFS"), (0xFF53_4D42, "SMB"), (0xFE53_4D42, "SMB"), (0x6573_5546, "FUSE"), (0x0102_1997, "9P"),
        (0xEF53, nil), (0x0102_1994, nil), (0x9123_683E, nil), (0x5846_5342, nil),
    ] as [(UInt32, String?)])
    func detectsFileSystems(magic: UInt32, name: String?) {
        #expect(FileSystemKind.unwatchableName(type: magic) == name)
    }

    @Test("a stopped watcher ends its hints")
    func stops() async throws {
        let watcher = try await watcher(settle: soon)
        watcher.stop()
        watcher.stop()
        var hints = watcher.hints.makeAsyncIterator()
        #expect(await hints.next() == nil)
        #expect(watcher.state == .stopped)
    }
}
