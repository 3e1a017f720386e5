import Foundation
import Testing

@testable import TidingsDaemon

@Suite(.timeLimit(.minutes(1)))
struct NotifyTests {
    @Test("messages arrive at path and abstract sockets as sd_notify(3) spells them", arguments: [false, true])
    func sends(isAbstract: Bool) throws {
        try withTemporaryFolder { folder in
            let manager = try ServiceManager(address: isAbstract ? "@tidings-\(UUID().uuidString)" : folder + "/notify")
            let notifier = try #require(Notifier(environment: manager.environment))
            #expect(notifier.send(.ready, .status("2 sources\nWATCHDOG=1")) == nil)
            #expect(manager.receive() == "READY=1\nSTATUS=2 sources WATCHDOG=1")
            notifier.send(.reloading(monotonicMicroseconds: 17))
            #expect(manager.receive() == "RELOADING=1\nMONOTONIC_USEC=17")
            notifier.send(.stopping, .extendTimeout(.milliseconds(2500)))
            #expect(manager.receive() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=2500000")
        }
    }

    @Test("without a socket there is nobody to tell", arguments: [
        nil, "", "@", "relative/path", "vsock:2:1", "/" + String(repeating: "x", count: 200),
    ])
    func noNotifier(socket: String?) {
        #expect(Notifier(environment: socket.map { ["NOTIFY_SOCKET": $0] } ?? [:]) == nil)
    }

    @Test func managerThatIsGoneIsAWordForTheLog() throws {
        let notifier = try #require(Notifier(environment: ["NOTIFY_SOCKET": "/nowhere/notify"]))
        #expect(notifier.send(.ready) == "sendto: No such file or directory")
    }

    @Test("the watchdog is for one process and has an interval", arguments: [
        (["WATCHDOG_USEC": "3000000"], .seconds(3)), (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], .seconds(3)),
        (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil),
        (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
    ] as [([String: String], Duration?)])
    func watchdogInterval(environment: [String: String], expected: Duration?) {
        let notifier = Notifier(environment: ["NOTIFY_SOCKET": "/nowhere/notify"])
        #expect(Watchdog(environment: environment, notifier: notifier, pid: 7)?.interval == expected)
    }

    @Test func watchdogIsFedByProgressAndByIdlenessOnly() async throws {
        let manager = try ServiceManager(address: "@tidings-\(UUID().uuidString)")
        let watchdog = try #require(
            Watchdog(environment: ["WATCHDOG_USEC": "1000000"], notifier: Notifier(environment: manager.environment)))
        let scan = watchdog.register("scan")
        let commit = watchdog.register("commit")
        #expect(watchdog.look() == [], "all idle")
        scan.begin()
        #expect(watchdog.look() == [], "has just begun")
        commit.mark()
        #expect(watchdog.look() == ["scan"], "the progress of others does not count")
        scan.mark()
        #expect(watchdog.look() == [])
        commit.begin()
        #expect(watchdog.look() == ["scan"], "what has just begun is not stuck")
        commit.end()
        scan.end()
        #expect(watchdog.look() == [])
        for _ in 0..<4 { #expect(manager.receive() == "WATCHDOG=1") }
        #expect(manager.receive(waits: false) == nil)
    }

    @Test func watchdogRunsUntilCancelled() async throws {
        let manager = try ServiceManager(address: "@tidings-\(UUID().uuidString)")
        let watchdog = try #require(
            Watchdog(environment: ["WATCHDOG_USEC": "2000"], notifier: Notifier(environment: manager.environment)))
        let running = Task { await watchdog.run(clock: ContinuousClock()) { Issue.record("stuck: \($0)") } }
        for _ in 0..<3 { #expect(manager.receive() == "WATCHDOG=1") }
        running.cancel()
        await running.value
    }
}

/// The receiving end of a notify socket, as systemd has one.
@safe private final class ServiceManager {
    private let descriptor: Int32
    let environment: [String: String]

    init(address name: String) throws {
        environment = ["NOTIFY_SOCKET": name]
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name.utf8) }
        if name.hasPrefix("@") { address.sun_path.0 = 0 }
        let length = socklen_t(2 + name.utf8.count)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
        }
        try #require(bound == 0)
    }

    deinit { close(descriptor) }

    /// The next message; nil if none comes.
    func receive(waits: Bool = true) -> String? {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let flags = waits ? 0 : Int32(MSG_DONTWAIT)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, flags) }
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
