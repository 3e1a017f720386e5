import Foundation

/// A file system that is mounted for a test, and goes away with it. Only root may do that.
final class Mounted {
    let path: String
    private var isMounted = true

    /// One in memory, of so many kilobytes.
    static func memory(at path: String, kilobytes: Int) throws -> Mounted {
        try Mounted(["-t", "tmpfs", "-o", "size=\(kilobytes)k,mode=0750", "tmpfs"], at: path)
    }

    /// The one in the file `image`.
    static func image(_ image: String, at path: String) throws -> Mounted {
        try Mounted(["-o", "loop", image], at: path)
    }

    private init(_ arguments: [String], at path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try runToEnd("/usr/bin/mount", arguments + [path])
    }

    deinit { unmount() }

    /// Also while somebody still has files of it open: it is out of the way then, and gone when they are closed.
    func unmount() {
        guard isMounted else { return }
        isMounted = false
        try? runToEnd("/usr/bin/umount", ["--lazy", path])
    }
}

struct ProgramFailure: Error, CustomStringConvertible {
    let description: String
}

/// Runs a small tool of the system, which must end well.
func runToEnd(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw ProgramFailure(description: "\(program) \(arguments.joined(separator: " ")): \(process.terminationStatus)")
    }
}
