import CLinux
import Glibc

/// A thread for a loop that blocks in poll(2), which must not take one of the few threads that run tasks.
struct PollThread: ~Copyable, Sendable {
    // An integer on Linux (pthreadtypes.h), so that it may go to another thread.
    private let thread: pthread_t

    /// - Parameter name: as `ps -L` and debuggers show it; at most 15 bytes.
    init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let box = unsafe Unmanaged.passRetained(Body(name: name, run: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                // Never nil: it is what pthread_create was given below.
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                unsafe tidings_name_thread(body.name)
                body.run()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            unsafe box.release()
            throw SystemError(code: code)
        }
        self.thread = thread
    }

    /// Waits until the body has returned.
    consuming func join() { pthread_join(thread, nil) }

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void
        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
