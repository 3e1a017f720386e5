import Glibc
import Synchronization
import TidingsSystem

/// Why output ends before it is complete.
enum OutputEnd: Error, Equatable {
    /// The reader has closed its end: it has what it wanted.
    case readerGone
    /// The reader has its end open and does not read.
    case stalled(seconds: Int)
    /// A signal has told us to end.
    case told
    case failed(code: Int32)
}

/// Standard output, in large writes.
final class StandardOutput: Sendable {
    private static let bufferBytes = 64 << 10
    private let buffer = Mutex<[UInt8]>([])

    /// Whether a person reads it.
    let isTerminal = isatty(STDOUT_FILENO) == 1

    func put(_ bytes: [UInt8]) {
        append(bytes)
        if isFull { flush() }
    }

    func line(_ text: String) { line(Array(text.utf8)) }

    func line(_ bytes: [UInt8]) { put(bytes + [UInt8(ascii: "\n")]) }

    /// Writes what is kept, and ends the process if that is not possible.
    func flush() {
        do throws(OutputEnd) {
            try write(until: nil)
        } catch {
            exit(for: error)
        }
    }

    // MARK: for commands that have something to save when output ends

    /// Keeps `bytes` until the next write.
    func append(_ bytes: [UInt8]) { buffer.withLock { $0 += bytes } }

    /// Whether so much is kept that it should be written.
    var isFull: Bool { buffer.withLock { $0.count >= Self.bufferBytes } }

    /// Writes what is kept. After an error some of it may have been written.
    func write(until limits: WriteLimits?) throws(OutputEnd) {
        let bytes = buffer.withLock { buffer in
            defer { buffer.removeAll(keepingCapacity: true) }
            return buffer
        }
        guard !bytes.isEmpty else { return }
        if let limits { return try limits.write(bytes, to: STDOUT_FILENO) }
        do {
            try writeAll(bytes, to: STDOUT_FILENO)
        } catch {
            throw error.code == EPIPE ? .readerGone : .failed(code: error.code)
        }
    }

    private func exit(for end: OutputEnd) -> Never {
        let failure = Failure(end)
        say(failure.message)
        Glibc.exit(failure.status)
    }
}

/// What ends a write that waits for its reader.
struct WriteLimits {
    /// A pipe that is writable according to poll(2) takes this much without blocking: PIPE_BUF, 4096 bytes on Linux (pipe(7)).
    private static let chunkBytes = 4096

    /// After this time a write has failed; nil for no limit.
    var seconds: Int?
    /// A descriptor that ends the write when it becomes readable.
    var ending: Int32?

    /// Whether `ending` is readable.
    var isTold: Bool { isTold(withinSeconds: 0) }

    /// Whether `ending` is readable or becomes so in that time, which is waited for.
    func isTold(withinSeconds seconds: Int) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            // A negative descriptor is ignored (poll(2)).
            var polled = pollfd(fd: ending ?? -1, events: Int16(POLLIN), revents: 0)
            let left = max(0, ((deadline - .now) / .milliseconds(1)).rounded(.up))
            let count = unsafe poll(&polled, 1, Int32(clamping: Int64(left)))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputEnd) {
        let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
        var rest = bytes[...]
        while !rest.isEmpty {
            try wait(for: descriptor, until: deadline)
            let chunk = Self.chunk(of: rest)
            let count = unsafe chunk.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                throw errno == EPIPE ? .readerGone : .failed(code: errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Whole lines where possible, so that a kill between two writes leaves no half line.
    private static func chunk(of rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let chunk = rest.prefix(chunkBytes)
        guard chunk.count < rest.count, let end = chunk.lastIndex(of: UInt8(ascii: "\n")) else { return chunk }
        return rest[rest.startIndex...end]
    }

    private func wait(for descriptor: Int32, until deadline: ContinuousClock.Instant?) throws(OutputEnd) {
        while true {
            var polled = [
                pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
                // A negative descriptor is ignored (poll(2)).
                pollfd(fd: ending ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let left = deadline.map { max(0, (($0 - .now) / .milliseconds(1)).rounded(.up)) }
            let count = unsafe poll(&polled, nfds_t(polled.count), left.map { Int32(clamping: Int64($0)) } ?? -1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .failed(code: errno) }
            // Checked first: an order to end stops the wait, and must not leave half a line where the rest can be written.
            if polled[0].revents != 0 { return }
            if polled[1].revents != 0 { throw .told }
            if count == 0 { throw .stalled(seconds: seconds ?? 0) }
        }
    }
}

let standardOutput = StandardOutput()
