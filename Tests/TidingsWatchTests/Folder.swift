import CLinux
import Glibc
import Synchronization
import TidingsSystem
@testable import TidingsWatch

/// A folder of its own for one test, gone afterwards.
final class Folder: Sendable {
    let path: String
    private let base: String

    init() throws {
        var template = Array("/tmp/tidings-watch-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemError.last }
        base = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Others may enter, so that a test can be somebody else.
        unsafe chmod(base, 0o755)
        path = base + "/root"
        unsafe mkdir(path, 0o755)
    }

    deinit { _ = shell("chmod -R u+rwx \(base); rm -rf \(base)") }

    /// A place beside the root, on the same file system.
    var outside: String { base + "/outside" }

    func root() throws -> FolderRoot { try FolderRoot(path: path) }

    func full(_ name: String) -> String { path + "/" + name }

    func write(_ name: String, _ text: String = "some text") throws { try Self.write(full(name), text) }

    static func write(_ path: String, _ text: String) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SystemError.last }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else { throw SystemError.last }
    }

    func makeFolder(_ name: String) throws {
        guard unsafe mkdir(full(name), 0o755) == 0 else { throw SystemError.last }
    }

    func move(_ old: String, _ new: String) throws {
        guard unsafe rename(full(old), full(new)) == 0 else { throw SystemError.last }
    }

    func remove(_ name: String) throws {
        guard unsafe unlink(full(name)) == 0 else { throw SystemError.last }
    }
}

@discardableResult func shell(_ command: String) -> Int32 { unsafe system(command) }

func raw(_ text: String) -> RawPath { Array(text.utf8) }
func texts(_ paths: some Sequence<RawPath>) -> [String] { paths.map(pathKey) }

/// Settles at once and admits everything, so that what a test has just written is seen.
func eager(_ rules: PathRules = .everything) -> FolderScan { FolderScan(rules: rules, settle: .zero) }

/// Runs `body` on a thread of its own, as the file system's nobody: root's threads may read everything.
func asNobody<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws -> Value {
    let box = Box<Value>()
    try SystemThread(name: "nobody") {
        // "Each thread has its own file system user ID"; leaving 0 also drops CAP_DAC_OVERRIDE (setfsuid(2)).
        setfsuid(65_534)
        let value = body()
        box.value.withLock { $0 = value }
    }.join()
    guard let value = box.value.withLock({ $0 }) else { throw SystemError(code: ESRCH) }
    return value
}

private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
