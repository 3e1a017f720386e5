#if FAILPOINTS
    import Glibc
    import Synchronization

    /// Which steps fail, and how: from `$TIDINGS_FAILPOINTS`, or in a test for the tasks within
    /// `FailurePlan.$current.withValue`.
    ///
    ///     TIDINGS_FAILPOINTS="*=kill@17"                                die at the 17th step of any kind
    ///     TIDINGS_FAILPOINTS="append.written=ENOSPC@2-5,commit.begun=stop"
    ///
    /// Each part is `step=action` and, after an `@`, when: `3` for the third time only, `3-` from then on, `3-5`;
    /// without it the first time. A step is a `Failpoint`'s name, or `*` for all, counted together. An action is `kill`
    /// (SIGKILL), `stop` (SIGSTOP; the test sends SIGCONT later), `die` (in a test: `Fault.death`), the name of an
    /// error (EIO, ENOSPC, EROFS, EACCES), or `tell`, which only reports the step. In a program of its own, an action
    /// that fires is reported on standard error.
    package final class FailurePlan: Sendable {
        @TaskLocal package static var current: FailurePlan? = fromEnvironment

        enum Action: Equatable, Sendable { case kill, stop, tell, fail(Int32) }

        struct Rule: Equatable, Sendable {
            /// Nil for every step.
            var step: Failpoint?
            var action: Action
            var times: ClosedRange<Int>
        }

        private struct Counts {
            var total = 0
            var byStep: [Failpoint: Int] = [:]
        }

        private let rules: [Rule]
        /// False in a test's own process, which asks for thousands of errors.
        private let isTold: Bool
        private let counts = Mutex(Counts())

        private static let errors: [String: Int32] = [
            "die": Fault.death, "EIO": EIO, "ENOSPC": ENOSPC, "EROFS": EROFS, "EACCES": EACCES,
        ]

        /// Nil if `text` is no plan.
        package convenience init?(_ text: String) { self.init(text, isTold: false) }

        private init?(_ text: String, isTold: Bool) {
            self.isTold = isTold
            var rules: [Rule] = []
            for part in text.split(separator: ",") {
                guard let rule = Self.rule(part) else { return nil }
                rules.append(rule)
            }
            self.rules = rules
        }

        private static let fromEnvironment: FailurePlan? = {
            guard let value = unsafe getenv("TIDINGS_FAILPOINTS") else { return nil }
            let text = unsafe String(cString: value)
            guard let plan = FailurePlan(text, isTold: true) else { fatalError("TIDINGS_FAILPOINTS is no plan: \(text)") }
            return plan
        }()

        private static func rule(_ text: Substring) -> Rule? {
            let sides = text.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { return nil }
            let step = Failpoint(rawValue: String(sides[0]))
            guard step != nil || sides[0] == "*" else { return nil }
            let what = sides[1].split(separator: "@", maxSplits: 1)
            guard let name = what.first, let times = what.count == 1 ? 1...1 : times(what[1]) else { return nil }
            switch name {
            case "kill": return Rule(step: step, action: .kill, times: times)
            case "tell": return Rule(step: step, action: .tell, times: times)
            case "stop": return Rule(step: step, action: .stop, times: times)
            default: return errors[String(name)].map { Rule(step: step, action: .fail($0), times: times) }
            }
        }

        private static func times(_ text: Substring) -> ClosedRange<Int>? {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first.flatMap({ Int($0) }), first > 0, ends.count <= 2 else { return nil }
            guard ends.count == 2 else { return first...first }
            if ends[1].isEmpty { return first...Int.max }
            return Int(ends[1]).flatMap { $0 < first ? nil : first...$0 }
        }

        /// How many steps were reached so far.
        package var reached: Int { counts.withLock { $0.total } }

        func reach(_ step: Failpoint) throws(Fault) {
            let (total, count) = counts.withLock { counts in
                counts.total += 1
                counts.byStep[step, default: 0] += 1
                return (counts.total, counts.byStep[step] ?? 0)
            }
            guard let rule = rules.first(where: { rule in
                rule.step.map { $0 == step && rule.times.contains(count) } ?? rule.times.contains(total)
            }) else { return }
            switch rule.action {
            case .kill:
                tell(step, total)
                kill(getpid(), SIGKILL)
                // A signal to oneself is delivered before kill(2) returns, but perhaps to another thread (POSIX): wait
                // for that.
                while true { pause() }
            case .stop:
                tell(step, total)
                raise(SIGSTOP)
            case .tell: tell(step, total)
            case .fail(let code):
                if isTold { tell(step, total) }
                throw Fault(code: code)
            }
        }

        private func tell(_ step: Failpoint, _ number: Int) {
            let text = Array("failpoint \(step.rawValue) (\(number))\n".utf8)
            _ = unsafe text.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }
#endif
