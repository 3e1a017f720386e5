import CLinux

/// An eventfd(2): a thread that waits in poll(2) for descriptors waits for this one too, and others wake it.
package struct EventDescriptor: ~Copyable, Sendable {
    /// Readable from `signal` to `reset`.
    package let descriptor: FileDescriptor

    package init() throws(SystemError) {
        let raw = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard raw >= 0 else { throw .last }
        descriptor = FileDescriptor(raw)
    }

    package borrowing func signal() {
        // Fails only when the counter is full, and then the descriptor is readable anyway.
        eventfd_write(descriptor.raw, 1)
    }

    package borrowing func reset() {
        var counter: eventfd_t = 0
        unsafe eventfd_read(descriptor.raw, &counter)
    }
}
