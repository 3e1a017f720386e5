import Glibc
import Testing

@testable import TidingsSystem

@Suite("Programs that the daemon speaks with") struct ChildProgramTests {
    @Test("nothing that is open here is open there but the three of its own")
    func descriptors() throws {
        // Without CLOEXEC, as the sockets of a server are.
        let open = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(open) }
        // Without a pipe, whose ends the shell itself would have open for a moment; the colon keeps it from becoming `ls`.
        let program = try ChildProgram(["sh", "-c", "ls /proc/$$/fd; :"], environment: ["PATH": "/usr/bin:/bin"])
        var bytes: [UInt8] = []
        var page = [UInt8](repeating: 0, count: 256)
        var ready = pollfd(fd: program.output.raw, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&ready, 1, 20_000) > 0 {
            let count = unsafe page.withUnsafeMutableBytes { unsafe read(program.output.raw, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes += page[..<count]
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "0\n1\n2\n")
        #expect(try program.reap() == .exited(status: 0))
    }
}
