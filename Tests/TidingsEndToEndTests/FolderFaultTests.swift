import Foundation
import Glibc
import TestSupport
import Testing

/// What a folder and its file system do to a daemon that watches them, with `tail -F` beside it. Each test names its row in
/// `Tests/FAULTS.md`.
@Suite(.timeLimit(.minutes(5)))
struct FolderFaultTests {
    private static func notice(_ name: String) -> String {
        "Notice \(name)\n\nThis is what stands in the notice that is called \(name).\n"
    }

    @Test("34: past the limit of watches the rest is scanned, and status names the sysctl to raise")
    func watchLimit() async throws {
        let tidings = try Installation("folders:\n  - { name: news, path: news, rescan: 1s }\n")
        let folders = (0..<8).map { "folder-\($0)" }
        for folder in folders {
            try FileManager.default.createDirectory(atPath: tidings.path(folder), withIntermediateDirectories: true)
            try tidings.write(Self.notice("\(folder) a"), to: "\(folder)/a.txt")
        }
        // The limit is one of the user namespace; ours stays as it is.
        let limited = [
            "/usr/bin/unshare", "--user", "--map-root-user", "/bin/sh", "-c",
            "echo 4 > /proc/sys/user/max_inotify_watches && exec \"$@\"", "sh",
        ]
        let life = try await Life(tidings, under: limited)
        try await tidings.waitForLines(9)
        for folder in folders { try tidings.write(Self.notice("\(folder) b"), to: "\(folder)/b.txt") }
        try await tidings.waitForLines(17)
        let status = try await tidings.run("status")
        #expect(status.output.contains("fs.inotify.max_user_watches"), "\(status.output)")
        try await life.end(lines: 17)
    }

    @Test("35: folders that are made while they are filled are read whole")
    func racingFolders() async throws {
        let life = try await Life()
        let count = 150
        for number in 0..<count {
            let folder = life.tidings.path("\(number % 10)/\(number)/deep")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try life.tidings.write(Self.notice("\(number)"), to: "\(number % 10)/\(number)/deep/n.txt")
        }
        try await life.end(lines: 1 + count)
    }

    @Test("37: a file system that is unmounted under the daemon is a failing source, and nothing is removed")
    func unmounted() async throws {
        let tidings = try Installation("folders:\n  - { name: news, path: news, rescan: 1s }\n")
        let disk = try Mount(on: tidings.news)
        for name in ["one", "two"] { try tidings.write(Self.notice(name), to: "\(name).txt") }
        let life = try await Life(tidings)
        try await tidings.waitForLines(3)
        try disk.unmount()
        #expect(try await tidings.waitForLines(4).message.last == "source news is failing")
        // A person who asks for a look gets the same answer.
        #expect(try await tidings.run("reingest", "news").status != 0)
        try disk.mount()
        #expect(try await tidings.waitForLines(5).message.last == "source news is ok")
        try tidings.write(Self.notice("three"), to: "three.txt")
        try await life.end(lines: 6)
        #expect(try tidings.lines().message.last == "created three.txt")
    }

    @Test("39: a writer that pauses, and one that is killed, leave what they wrote and no more changes than that")
    func slowWriters() async throws {
        let life = try await Life()
        let tidings = life.tidings
        try tidings.write("", to: "slow.txt")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: tidings.path("slow.txt")))
        try handle.write(contentsOf: Data(Self.notice("slow").utf8))
        try await tidings.waitForLines(2)
        try handle.write(contentsOf: Data("\nThe second half came after a long pause, and nobody had closed the file.\n".utf8))
        #expect(try await tidings.waitForLines(3).message.last == "updated slow.txt to version 2: text")
        try handle.close()

        let writer = try RunningProgram(
            ["-c", "printf 'Cut\\n\\nThe writer of this was killed in the mid' > \"$0\"; exec sleep 600", tidings.path("cut.txt")],
            of: URL(fileURLWithPath: "/bin/sh"))
        try await tidings.wait("half is written") { (try? tidings.read("cut.txt"))?.hasSuffix("mid") ?? false }
        writer.send(SIGKILL)
        _ = await writer.result()
        try await life.end(lines: 4)
        #expect(try tidings.lines().message.last == "created cut.txt")
    }

    @Test("41: a hard link, truncate(2) and mmap(2) close no file after writing, and are found")
    func withoutClose() async throws {
        let tidings = try Installation("folders:\n  - { name: news, path: news, rescan: 1s }\n")
        let life = try await Life(tidings)
        let upload = tidings.base + "/upload.part"
        let whole = Self.notice("linked")
        try (whole + "\nWhat follows it is cut off later on.\n").write(toFile: upload, atomically: false, encoding: .utf8)
        #expect(unsafe link(upload, tidings.path("linked.txt")) == 0)
        #expect(try await tidings.waitForLines(2).message.last == "created linked.txt")
        #expect(unsafe truncate(tidings.path("linked.txt"), whole.utf8.count) == 0)
        let shortened = try await tidings.waitForLines(3).message
        #expect(shortened.last == "updated linked.txt to version 2: text")

        let file = unsafe open(tidings.path("linked.txt"), O_RDWR)
        let page = unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        close(file)
        let bytes = try unsafe #require(unsafe page)
        unsafe bytes.storeBytes(of: UInt8(ascii: "n"), as: UInt8.self)
        unsafe munmap(bytes, 4096)
        let mapped = try await tidings.waitForLines(4).message
        #expect(mapped.last == "updated linked.txt to version 3: title")
        try await life.end(lines: 4)
    }

    @Test("42: new content of the same size with the old times is found")
    func sameSizeAndTimes() async throws {
        let life = try await Life()
        let tidings = life.tidings
        try tidings.write(Self.notice("once"), to: "n.txt")
        try await tidings.waitForLines(2)
        let times = try FileManager.default.attributesOfItem(atPath: tidings.path("n.txt"))[.modificationDate] as? Date
        try tidings.edit("n.txt", "stands", "landed")
        try tidings.setModified("n.txt", to: #require(times))
        try await life.end(lines: 3)
    }

    @Test("46: files that go between the event and the look are no error; one that opens later is read then")
    func vanishing() async throws {
        let life = try await Life()
        let tidings = life.tidings
        for number in 0..<400 {
            try tidings.write(Self.notice("\(number)"), to: "gone-\(number % 7).txt")
            try tidings.remove("gone-\(number % 7).txt")
        }
        try tidings.write(Self.notice("kept"), to: "kept.txt")
        // Whatever was seen of the others is seen to go.
        try await tidings.wait("the kept one is all that is left") { try Self.live(tidings.lines()) == ["kept.txt"] }
        try await life.end()
        let lines = try tidings.lines()
        #expect(Self.live(lines) == ["kept.txt"], "\(lines.message)")
        #expect(!lines.contains { $0.type == "tidings.source.state" })
    }

    /// The keys of what is not removed.
    private static func live(_ lines: [StreamLine]) -> Set<String> {
        lines.reduce(into: []) { live, line in
            guard let key = line.data.origin?.key else { return }
            if let old = line.data.movedFrom { live.remove(old) }
            if line.type.hasSuffix("removed") { live.remove(key) } else { live.insert(key) }
        }
    }

    @Test("46: what others may not read is read when its mode says so, without another event")
    func opened() async throws {
        let tidings = try Installation()
        try tidings.write(Self.notice("closed"), to: "closed.txt")
        #expect(unsafe chmod(tidings.path("closed.txt"), 0) == 0)
        let nobody = "65534"
        for path in [tidings.base, tidings.news, tidings.path("closed.txt")] {
            #expect(unsafe chown(path, 65534, 65534) == 0)
        }
        let life = try await Life(
            tidings, under: ["/usr/bin/setpriv", "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"])
        try await tidings.waitForLines(1)
        #expect(unsafe chmod(tidings.path("closed.txt"), 0o644) == 0)
        #expect(try await tidings.waitForLines(2).message.last?.hasPrefix("created closed.txt") == true)
        try await life.end(lines: 2)
    }

    @Test("48: a file saved a thousand times in a second gets few versions, each another text, and the last one is the newest")
    func savedAllTheTime() async throws {
        let life = try await Life()
        let tidings = life.tidings
        for number in 1...1000 { try tidings.write(Self.notice("\(number)"), to: "draft.txt") }
        try await tidings.wait("the last text") { try tidings.lines().last?.data.item?.title == "Notice 1000" }
        try await life.end()
        let lines = try tidings.lines().dropFirst()
        #expect(lines.count < 200)
        #expect(lines.compactMap(\.data.version) == Array(1...lines.count))
        #expect(Set(lines.compactMap(\.data.contentHash)).count == lines.count)
    }
}

/// A daemon with one who follows.
private final class Life {
    let tidings: Installation
    private let daemon: LiveDaemon
    private let follower: Follower

    init(_ tidings: Installation? = nil, under wrapper: [String] = []) async throws {
        self.tidings = try tidings ?? Installation(Installation.oneFolderByDefault)
        daemon = try await self.tidings.daemon(under: wrapper)
        follower = try Follower(self.tidings.changeFile)
    }

    /// Waits for as many lines, stops, and holds what everybody saw against the promises.
    func end(lines count: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        if let count { try await tidings.waitForLines(count, sourceLocation: sourceLocation) }
        try await daemon.stop(sourceLocation: sourceLocation)
        let all = try tidings.rawLines()
        let message = try tidings.lines().message
        if let count { #expect(all.count == count, "\(message)", sourceLocation: sourceLocation) }
        try await follower.catchUp(with: tidings, sourceLocation: sourceLocation)
        // Without first sights: nobody touched the change file, so that nothing may be shown twice.
        let observation = try follower.observation
        try await tidings.expectPromises(
            [observation], after: "what the folder did", resuming: false, sourceLocation: sourceLocation)
    }
}

/// A small file system of its own that is mounted on a folder, and goes with this object.
private final class Mount {
    private let folder: String
    private let disk: String

    init(on folder: String) throws {
        self.folder = folder
        disk = folder + "-disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tidings-test", disk)
        try mount()
    }

    deinit {
        try? unmount()
        try? Self.run("/bin/umount", "--lazy", disk)
    }

    func mount() throws { try Self.run("/bin/mount", "--bind", disk, folder) }

    func unmount() throws { try Self.run("/bin/umount", "--lazy", folder) }

    private static func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}
