import Foundation

/// The system calls that a unit's `SystemCallFilter=` lets through, worked out as systemd does it, with systemd's own lists.
package struct UnitFilter {
    /// By name.
    package private(set) var calls: Set<String>

    package init(unit: String) throws {
        let sets = try Self.sets()
        // "Note that on systems supporting multiple ABIs […] execve(), exit(), […] and the system calls for querying time and
        // sleeping are implicitly allow-listed" (systemd.exec(5), SystemCallFilter=): that is the set @default.
        calls = Self.expand("@default", sets)
        for line in try String(contentsOfFile: unit, encoding: .utf8).split(separator: "\n") {
            guard line.hasPrefix("SystemCallFilter=") else { continue }
            let value = line.dropFirst("SystemCallFilter=".count)
            let isDenied = value.hasPrefix("~")
            for name in value.drop(while: { $0 == "~" }).split(separator: " ") {
                // After a colon stands the error that the call fails with, or 0 if it does nothing and pretends success.
                let group = Self.expand(String(name.prefix { $0 != ":" }), sets)
                if isDenied { calls.subtract(group) } else { calls.formUnion(group) }
            }
        }
    }

    package mutating func remove(_ name: String) { calls.remove(name) }

    /// Of this machine, for `tidings-sandbox`: what it does not have is left out.
    package func numbers() throws -> String {
        let headers = ["/usr/include/\(Self.machine)-linux-gnu/asm/unistd_64.h", "/usr/include/asm-generic/unistd.h"]
        let header = try headers.first { FileManager.default.fileExists(atPath: $0) }
            .map { try String(contentsOfFile: $0, encoding: .utf8) } ?? ""
        var numbers: [String] = []
        for line in header.split(separator: "\n") where line.hasPrefix("#define __NR") {
            let message = line.split(whereSeparator: \.isWhitespace)
            guard message.count >= 3, Int(message[2]) != nil else { continue }
            let name = String(message[1]).replacing("__NR3264_", with: "").replacing("__NR_", with: "")
            if calls.contains(name) { numbers.append(String(message[2])) }
        }
        return numbers.joined(separator: ",")
    }

    private static var machine: String {
        #if arch(arm64)
            "aarch64"
        #else
            "x86_64"
        #endif
    }

    private static func expand(_ name: String, _ sets: [String: [String]]) -> Set<String> {
        guard name.hasPrefix("@") else { return [name] }
        return (sets[name] ?? []).reduce(into: []) { $0.formUnion(expand($1, sets)) }
    }

    /// What `systemd-analyze syscall-filter` lists: a set's name at the start of a line, its members indented below.
    private static func sets() throws -> [String: [String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
        process.arguments = ["syscall-filter", "--no-pager"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        var sets: [String: [String]] = [:]
        var name = ""
        for line in output.split(separator: "\n") {
            let word = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("@") { name = word } else if !word.hasPrefix("#") { sets[name, default: []].append(word) }
        }
        return sets
    }
}
