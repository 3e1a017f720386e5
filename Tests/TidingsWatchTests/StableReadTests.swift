import Glibc
import Testing
import TidingsSystem
@testable import TidingsWatch

@Suite("reading files that stand still")
struct StableReadTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func read(_ name: String, limitBytes: Int = 1 << 20) throws -> StableRead.Outcome {
        StableRead.read(raw(name), in: try folder.root(), limitBytes: limitBytes)
    }

    private func bytes(_ outcome: StableRead.Outcome) -> [UInt8]? {
        if case .read(let file) = outcome { file.bytes } else { nil }
    }

    @Test("a file is read whole, however deep it lies")
    func readsWhole() throws {
        try folder.makeFolder("a")
        try folder.makeFolder("a/b")
        try folder.write("a/b/c.md", "the text")
        #expect(bytes(try read("a/b/c.md")) == Array("the text".utf8))
    }

    @Test("what is not a readable regular file has its own outcome, and never blocks", .timeLimit(.minutes(1)))
    func refuses() throws {
        try folder.write("target.md")
        try folder.write("empty.md", "")
        try folder.makeFolder("folder.md")
        unsafe mkfifo(folder.full("fifo.md"), 0o644)
        unsafe symlink("target.md", folder.full("link.md"))
        unsafe symlink(".", folder.full("loop"))
        #expect(try read("nothing.md") == .vanished)
        #expect(try read("target.md/below.md") == .vanished)
        #expect(try read("empty.md") == .empty)
        #expect(try read("folder.md") == .notRegular)
        #expect(try read("fifo.md") == .notRegular)
        #expect(try read("link.md") == .notRegular)
        #expect(try read("loop/target.md") == .notRegular)
    }

    @Test("a path that leads out of the root is refused")
    func staysBelow() throws {
        try Folder.write(folder.outside, "secret")
        if case .unreadable = try read("../outside") {} else { Issue.record("it was read") }
    }

    @Test("a sparse file of 2 GB is too large without being read")
    func limits() throws {
        try folder.write("huge.md")
        unsafe truncate(folder.full("huge.md"), 2 << 30)
        #expect(try read("huge.md") == .tooLarge(sizeBytes: 2 << 30))
        #expect(bytes(try read("huge.md", limitBytes: 4)) == nil)
    }

    @Test("a file that others may not read is unreadable with the system's message")
    func isUnreadable() throws {
        try folder.write("closed.md")
        unsafe chmod(folder.full("closed.md"), 0)
        let root = try folder.root()
        #expect(try asNobody { StableRead.read(raw("closed.md"), in: root, limitBytes: 99) } == .unreadable("Permission denied"))
    }

    @Test("a file that is appended to during the read is whole for its status, or unstable")
    func isConsistent() throws {
        try folder.write("growing.md", "0")
        let name = folder.full("growing.md")
        let writer = try SystemThread(name: "writer") {
            let file = unsafe open(name, O_WRONLY | O_APPEND)
            for _ in 0..<20_000 { unsafe write(file, "0", 1) }
            close(file)
        }
        for _ in 0..<500 {
            switch try read("growing.md") {
            case .read(let file):
                #expect(Int64(file.bytes.count) == file.status.size)
                #expect(file.bytes.allSatisfy { $0 == UInt8(ascii: "0") })
            case let outcome: #expect(outcome == .unstable)
            }
        }
        writer.join()
        #expect(bytes(try read("growing.md"))?.count == 20_001)
    }

    @Test("a file written in the tick in which it is read is to be read again", .timeLimit(.minutes(1)))
    func distrustsTheTick() throws {
        let root = try folder.root()
        // Whether write and read fall into one tick is chance; one of some does.
        var sawRacy = false
        for number in 0..<100 {
            try folder.write("\(number).md")
            guard case .read(let file) = StableRead.read(raw("\(number).md"), in: root, limitBytes: 99) else { continue }
            #expect(file.fingerprint == file.status.fingerprint || file.fingerprint == FileTable.unknown)
            sawRacy = sawRacy || file.fingerprint == FileTable.unknown
        }
        #expect(sawRacy)
        // The first is older than a tick, or becomes so in a moment.
        while true {
            guard case .read(let file) = StableRead.read(raw("0.md"), in: root, limitBytes: 99) else { continue }
            if file.fingerprint == file.status.fingerprint { break }
        }
    }
}
