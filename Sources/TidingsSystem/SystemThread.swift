import CLinux
import Glibc

/// A thread (pthreads(7)) for work that blocks, which must not hold one of the few threads that run tasks.
///
/// It ends when its body returns. `join` waits for that; a thread whose value goes away without it runs on, detached.
package struct SystemThread: ~Copyable, Sendable {
    /// For pthread_kill(3). Valid while the thread runs. An integer on Linux (pthreadtypes.h), so that it may go to another
    /// thread.
    package let handle: pthread_t

    /// - Parameters:
    ///   - name: as `ps -L` and debuggers show it; at most 15 bytes.
    ///   - stackBytes: nil for the limit that the process has (`ulimit -s`).
    package init(name: String, stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        if let stackBytes {
            let code = unsafe pthread_attr_setstacksize(&attributes, stackBytes)
            precondition(code == 0, "a stack of \(stackBytes) bytes is too small")
        }
        let box = unsafe Unmanaged.passRetained(Body(name: name, run: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, &attributes,
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
        handle = thread
    }

    /// Waits until the body has returned.
    package consuming func join() {
        let thread = handle
        discard self
        pthread_join(thread, nil)
    }

    deinit { pthread_detach(handle) }

    /// What goes through the untyped argument of pthread_create.
    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void
        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
