import Dispatch
import Glibc
import Synchronization

/// One line on standard error that shows how far long work is. It appears only on a terminal and only after a second, and is
/// erased when the work is done.
final class ProgressBar: Sendable {
    private static let tickMilliseconds = 100
    private let line = ProgressLine()
    // Never changed after init. A source may be cancelled from any thread (dispatch_source_cancel(3)), but on Linux its type is
    // not Sendable.
    nonisolated(unsafe) private let timer: (any DispatchSourceTimer)?

    init(_ message: String) {
        line.show(message, fraction: nil)
        guard isatty(STDERR_FILENO) == 1 else {
            unsafe timer = nil
            return
        }
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "tidings.progress"))
        timer.schedule(deadline: .now() + .seconds(1), repeating: .milliseconds(Self.tickMilliseconds))
        timer.setEventHandler { [line] in line.draw() }
        timer.activate()
        unsafe self.timer = timer
    }

    /// - Parameter fraction: 0…1; nil while nobody knows.
    func show(_ message: String, fraction: Double? = nil) { line.show(message, fraction: fraction) }

    /// Erases the line. Nothing is drawn after that.
    func finish() {
        unsafe timer?.cancel()
        line.finish()
    }
}

/// What the bar shows. Shared by the thread that works and that of the timer.
private final class ProgressLine: Sendable {
    private struct State {
        var message = ""
        var fraction: Double?
        var ticks = 0
        var isFinished = false
    }

    private static let width = 24
    private static let wordsLimit = 60
    private let state = Mutex(State())

    func show(_ message: String, fraction: Double?) {
        state.withLock {
            $0.message = message
            $0.fraction = fraction
        }
    }

    func finish() {
        state.withLock { state in
            if state.ticks > 0, !state.isFinished { write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
            state.isFinished = true
        }
    }

    func draw() {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.ticks += 1
            let bar: String
            if let fraction = state.fraction.map({ min(1, max(0, $0)) }) {
                let done = Int(Double(Self.width) * fraction)
                bar = String(repeating: "█", count: done) + String(repeating: "░", count: Self.width - done)
                    + " \(Int(fraction * 100)) %"
            } else {
                bar = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"][state.ticks % 6]
            }
            write(Array("\r\u{1B}[K\(bar) \(printable(state.message).prefix(Self.wordsLimit))".utf8), to: STDERR_FILENO)
        }
    }
}
