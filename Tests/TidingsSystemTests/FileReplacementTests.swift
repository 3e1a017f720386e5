import Glibc
import Testing
import TidingsFailpoints
@testable import TidingsSystem

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite("a file that is replaced") struct FileReplacementTests {
    private let folder: TemporaryFolder
    private var file: String { folder.path(of: "file") }
    init() throws { folder = try TemporaryFolder() }

    private func mode(_ name: String) throws -> mode_t { try FileStatus(path: folder.path(of: name)).mode & 0o7777 }

    private func refusal(_ call: () throws(FileReplacementError) -> Void) -> FileReplacementError.Reason? {
        do {
            try call()
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("is made if it is not there, and has new bytes in a new inode if it is", arguments: [false, true])
    func replaces(isSoleWriter: Bool) throws {
        try replaceFile(file, with: bytes("one"), isSoleWriter: isSoleWriter)
        #expect(try folder.text("file") == "one")
        let before = try FileStatus(path: file)
        let reader = try FileDescriptor(opening: file, O_RDONLY)
        try replaceFile(file, with: bytes("two, and longer"), isSoleWriter: isSoleWriter)
        #expect(try folder.text("file") == "two, and longer")
        #expect(try FileStatus(path: file).identity != before.identity)
        // Who has the old file open reads the old bytes.
        #expect(try readToEnd(reader.raw, limitBytes: 99) == bytes("one"))
        try replaceFile(file, with: [])
        #expect(try folder.text("file") == "")
        #expect(try folder.names() == ["file"])
    }

    @Test("keeps its mode, and a symbolic link to it")
    func keepsMode() throws {
        try folder.write("file", "one")
        unsafe chmod(file, 0o640)
        unsafe symlink("file", folder.path(of: "link"))
        try replaceFile(folder.path(of: "link"), with: bytes("two"))
        #expect(try folder.text("file") == "two")
        #expect(try mode("file") == 0o640)
        #expect(try FileStatus(path: folder.path(of: "link"), followsLinks: false).kind == .symlink)
    }

    @Test("keeps its owner", .enabled(if: geteuid() == 0, "only root may give files away"))
    func keepsOwner() throws {
        try folder.write("file", "one")
        unsafe chown(file, 65_534, 65_533)
        unsafe chmod(file, 0o4755)
        try replaceFile(file, with: bytes("two"))
        let status = try FileStatus(path: file)
        #expect(status.owner == 65_534 && status.group == 65_533)
        #expect(status.mode & 0o7777 == 0o4755)
    }

    @Test("is only replaced if it has the bytes that were expected")
    func expects() throws {
        try folder.write("file", "one")
        try replaceFile(file, with: bytes("two"), expecting: bytes("one"))
        #expect(try folder.text("file") == "two")
        for other in ["one", "tw", "two ", ""] {
            #expect(refusal { () throws(FileReplacementError) in
                try replaceFile(file, with: bytes("three"), expecting: bytes(other))
            } == .changedMeanwhile)
        }
        #expect(refusal { () throws(FileReplacementError) in
            try replaceFile(folder.path(of: "missing"), with: bytes("three"), expecting: bytes("two"))
        } == .changedMeanwhile)
        #expect(try folder.text("file") == "two")
        #expect(try folder.names() == ["file"])
    }

    @Test("what is no regular file, or lies in no folder, is not replaced")
    func refuses() throws {
        unsafe mkdir(file, 0o755)
        unsafe mkfifo(folder.path(of: "fifo"), 0o644)
        #expect(refusal { () throws(FileReplacementError) in try replaceFile(file, with: []) } == .notRegular)
        #expect(refusal { () throws(FileReplacementError) in try replaceFile(folder.path(of: "fifo"), with: []) } == .notRegular)
        #expect(refusal { () throws(FileReplacementError) in
            try replaceFile(folder.path(of: "none/file"), with: [])
        } == .system(code: ENOENT))
        #expect(try folder.names() == ["fifo", "file"])
    }

    @Test("what a killed writer left is removed by the next one")
    func removesLeftover() throws {
        try folder.write("file", "one")
        try folder.write("file.tidings-new", "half of tw")
        unsafe chmod(folder.path(of: "file.tidings-new"), 0o400)
        try replaceFile(file, with: bytes("two"), isSoleWriter: true)
        #expect(try folder.text("file") == "two")
        #expect(try folder.names() == ["file"])
    }

    @Test("a step that fails leaves the old bytes and nothing beside them; after a death the temporary file stays", arguments: [
        ("replacement.written=ENOSPC", .system(code: ENOSPC), "one", ["file"]),
        ("replacement.synced=EIO", .system(code: EIO), "one", ["file"]),
        ("replacement.written=die", .system(code: Fault.death), "one", ["file", "file.tidings-new"]),
        ("replacement.synced=die", .system(code: Fault.death), "one", ["file", "file.tidings-new"]),
        ("replacement.renamed=die", .system(code: Fault.death), "two", ["file"]),
    ] as [(String, FileReplacementError.Reason, String, [String])])
    func fails(plan: String, reason: FileReplacementError.Reason, text: String, names: [String]) throws {
        try folder.write("file", "one")
        let plan = try #require(FailurePlan(plan))
        FailurePlan.$current.withValue(plan) {
            #expect(refusal { () throws(FileReplacementError) in
                try replaceFile(file, with: bytes("two"), isSoleWriter: true)
            } == reason)
        }
        #expect(try folder.text("file") == text)
        #expect(try folder.names() == names)
        try replaceFile(file, with: bytes("three"), isSoleWriter: true)
        #expect(try folder.text("file") == "three")
        #expect(try folder.names() == ["file"])
    }

    @Test("an error names the file, what the system said, and the next step")
    func describes() {
        let error = FileReplacementError(path: "/a", reason: .system(code: ENOSPC))
        #expect(
            error.description
                == "cannot replace /a: No space left on device; check the folder, who may write to it, and its space")
    }
}
