import Glibc
import TidingsSystem

/// A folder of its own for one test, gone afterwards.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/tidings-system-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemError.last }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { _ = unsafe system("chmod -R u+rwx \(path); rm -rf \(path)") }

    func path(of name: String) -> String { path + "/" + name }

    func write(_ name: String, _ text: String) throws {
        let file = try FileDescriptor(opening: path(of: name), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try writeAll(Array(text.utf8), to: file.raw)
        try file.close()
    }

    func text(_ name: String) throws -> String {
        String(decoding: try readSmallFile(path(of: name), limitBytes: 1 << 20), as: UTF8.self)
    }

    func names() throws -> [String] {
        var names: [String] = []
        var entries = try DirectoryReader(FileDescriptor(openingFolder: path))
        var name: [UInt8] = []
        while try entries.next(appendingNameTo: &name) != nil {
            names.append(String(decoding: name, as: UTF8.self))
            name = []
        }
        return names.sorted()
    }
}
