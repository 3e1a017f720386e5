import Glibc
import Testing
@testable import TidingsSystem

@Suite("a folder's entries") struct DirectoryReaderTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test("each comes once, with its kind and status, after what the path held before")
    func lists() throws {
        unsafe mkdir(folder.path(of: "folder"), 0o755)
        unsafe symlink("nowhere", folder.path(of: "link"))
        unsafe mkfifo(folder.path(of: "fifo"), 0o644)
        for name in ["a", ".hidden", "..two", "...", String(repeating: "n", count: 255)] { try folder.write(name, "text") }
        var entries = try DirectoryReader(FileDescriptor(openingFolder: folder.path))
        var found: [String: FileKind] = [:]
        var path = Array("above/".utf8)
        while let kind = try entries.next(appendingNameTo: &path) {
            let name = String(decoding: path.dropFirst(6), as: UTF8.self)
            #expect(found.updateValue(kind, forKey: name) == nil)
            #expect(try entries.status() == FileStatus(path: folder.path(of: name), followsLinks: false))
            path.removeLast(path.count - 6)
        }
        #expect(path == Array("above/".utf8))
        #expect(
            found == [
                "folder": .folder, "link": .symlink, "fifo": .special, "a": .file, ".hidden": .file, "..two": .file, "...": .file,
                String(repeating: "n", count: 255): .file,
            ])
    }

    @Test("an empty folder has none")
    func listsNothing() throws {
        var entries = try DirectoryReader(FileDescriptor(openingFolder: folder.path))
        var path: [UInt8] = []
        #expect(try entries.next(appendingNameTo: &path) == nil)
        #expect(path.isEmpty)
    }
}
