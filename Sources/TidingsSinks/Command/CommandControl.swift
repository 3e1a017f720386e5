import Synchronization
import TidingsSystem

/// What others have a session do, which waits in poll(2).
final class CommandControl: Sendable {
    private let event: EventDescriptor
    private let flags = Mutex((isStopping: false, mustDie: false))

    init() throws(SystemError) { event = try EventDescriptor() }

    /// Readable when something is to be looked at.
    var descriptor: Int32 { event.descriptor.raw }
    var isStopping: Bool { flags.withLock(\.isStopping) }
    var mustDie: Bool { flags.withLock(\.mustDie) }

    /// Has it look whether something was committed.
    func ring() { event.signal() }

    /// Has it end the program, gently.
    func stop() {
        flags.withLock { $0.isStopping = true }
        event.signal()
    }

    /// Has it end the program at once.
    func die() {
        flags.withLock { $0 = (true, true) }
        event.signal()
    }

    /// To be called before it looks.
    func reset() { event.reset() }
}
