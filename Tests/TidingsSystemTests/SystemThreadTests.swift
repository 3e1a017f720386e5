import Glibc
import Synchronization
import Testing
@testable import TidingsSystem

/// What a thread finds out about itself.
private struct Found: Sendable {
    let name: String?
    /// Below this function's frame.
    let stackBytes: UInt?

    static func here() -> Found {
        var local = 0
        let address = unsafe withUnsafePointer(to: &local) { UInt(bitPattern: $0) }
        return Found(name: text("comm")?.split(separator: "\n").first.map(String.init), stackBytes: room(below: address))
    }

    /// To the start of the mapping that holds `address`: `7f1c2a7fe000-7f1c2affe000 rw-p …` (proc_pid_maps(5)). Below a stack lies
    /// its guard page, which is another mapping.
    private static func room(below address: UInt) -> UInt? {
        for line in text("maps")?.split(separator: "\n") ?? [] {
            let bounds = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
            if bounds.count == 2, (bounds[0]..<bounds[1]).contains(address) { return address - bounds[0] }
        }
        return nil
    }

    private static func text(_ name: String) -> String? {
        (try? readSmallFile("/proc/thread-self/\(name)", limitBytes: 16 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Where a thread leaves something for its test.
private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}

@Suite("threads", .timeLimit(.minutes(1))) struct SystemThreadTests {
    // glibc may give a thread a stack that another one had, up to four times as large as was asked for.
    @Test("a thread has its name and its stack, and has ended when it is joined", arguments: [
        (nil, 64 << 10...UInt.max), (256 << 10, 128 << 10...1 << 20), (32 << 20, 31 << 20...128 << 20),
    ] as [(Int?, ClosedRange<UInt>)])
    func joins(stackBytes: Int?, expected: ClosedRange<UInt>) throws {
        let box = Box<Found>()
        let own = pthread_self()
        try SystemThread(name: "fifteen letters", stackBytes: stackBytes) {
            guard pthread_equal(pthread_self(), own) == 0 else { return }
            box.value.withLock { $0 = Found.here() }
        }.join()
        let found = try #require(box.value.withLock { $0 })
        #expect(found.name == "fifteen letters")
        #expect(expected.contains(try #require(found.stackBytes)))
    }

    @Test("a thread whose value goes away runs on, detached, and can be sent signals")
    func detaches() async throws {
        let (names, sink) = AsyncStream.makeStream(of: String?.self)
        let gate = try Gate()
        let handle: pthread_t
        do {
            let thread = try SystemThread(name: "alone") {
                gate.wait()
                sink.yield(Found.here().name)
                sink.finish()
            }
            handle = thread.handle
        }
        // Signal 0 only asks whether the thread is there (pthread_kill(3)).
        #expect(pthread_kill(handle, 0) == 0)
        // "EINVAL: thread is not a joinable thread" (pthread_detach(3)).
        #expect(pthread_detach(handle) == EINVAL)
        gate.open()
        var seen: [String?] = []
        for await name in names { seen.append(name) }
        #expect(seen == ["alone"])
    }

    @Test("what the body holds is released when the thread ends")
    func releasesBody() throws {
        final class Token: Sendable {}
        var token: Token? = Token()
        weak let watched = token
        try SystemThread(name: "token") { [token] in withExtendedLifetime(token) {} }.join()
        token = nil
        #expect(watched == nil)
    }
}

/// Keeps a thread until it is opened: reading an empty pipe waits.
private final class Gate: Sendable {
    private let reader: FileDescriptor
    private let writer: FileDescriptor

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError.last }
        reader = FileDescriptor(ends[0])
        writer = FileDescriptor(ends[1])
    }

    func open() { try? writeAll([1], to: writer.raw) }

    func wait() {
        var byte: UInt8 = 0
        _ = unsafe read(reader.raw, &byte, 1)
    }
}
