import Foundation
import Glibc

/// Servers of NATS with JetStream on loopback. Their streams are synced at each write, as those must be that are to survive a crash.
package final class NATSCluster {
    /// Where `.ci/setup tests` has put the server.
    package static let program: URL = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.deletingLastPathComponent().appendingPathComponent(".build/interfaces/bin/nats-server")
    }()

    private let folder: String
    private let clientPorts: [UInt16]
    private var servers: [RunningProgram?]

    /// Starts `count` servers: one alone, or a cluster.
    /// - Parameter more: further lines of each one's configuration.
    package init(_ count: Int, _ more: String = "") throws {
        folder = temporaryFolder + "/tidings-nats-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var taken = try freePorts(2 * count)
        clientPorts = Array(taken.prefix(count))
        taken.removeFirst(count)
        servers = clientPorts.map { _ in nil }
        let routes = taken.map { "nats://127.0.0.1:\($0)" }.joined(separator: ", ")
        for index in clientPorts.indices {
            let cluster = count == 1 ? "" : "cluster { name: test, listen: \"127.0.0.1:\(taken[index])\", routes: [\(routes)] }\n"
            try """
                listen: "127.0.0.1:\(clientPorts[index])"
                server_name: \(Self.name(index))
                jetstream { store_dir: "\(folder)/\(index)", sync_interval: always, max_mem: 256MiB, max_file: 1GiB }
                \(cluster)
                \(more)
                """.write(toFile: configuration(index), atomically: true, encoding: .utf8)
            try start(index)
        }
    }

    deinit {
        for case let server? in servers { server.send(SIGKILL) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What a stream's leader is called.
    package static func name(_ index: Int) -> String { "n\(index)" }

    /// The addresses of all servers, for `--servers`.
    package var addresses: String { clientPorts.map { "nats://127.0.0.1:\($0)" }.joined(separator: ",") }
    /// The processes of those that run.
    package var pids: [Int32] { servers.compactMap { $0?.pid } }
    package var indices: Range<Int> { clientPorts.indices }

    package func start(_ index: Int) throws {
        servers[index] = try RunningProgram(["--config", configuration(index)], of: Self.program)
    }

    /// Ends a server at once, as a power cut does.
    package func kill(_ index: Int) async {
        send(SIGKILL, to: index)
        _ = await servers[index]?.result()
        servers[index] = nil
    }

    package func send(_ signal: Int32, to index: Int) { servers[index]?.send(signal) }

    private func configuration(_ index: Int) -> String { "\(folder)/\(index).conf" }
}

/// Ports of loopback that nobody listens on. Somebody else may take one before its time; the system gives them in turn, and so that is rare.
private func freePorts(_ count: Int) throws -> [UInt16] {
    var sockets: [Int32] = []
    defer { for socket in sockets { close(socket) } }
    return try (0..<count).map { _ in
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        sockets.append(socket)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        return UInt16(bigEndian: address.sin_port)
    }
}
