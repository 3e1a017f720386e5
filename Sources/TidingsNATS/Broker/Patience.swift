import Glibc

/// Pauses between attempts: none before the second, then longer and longer ones.
struct Patience {
    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(2)

    /// The last pause that was given.
    private(set) var pause = Duration.zero

    /// The next pause.
    mutating func next() -> Duration {
        defer { pause = pause == .zero ? Self.first : min(pause * 2, Self.longest) }
        return pause
    }
}

/// Blocks the thread.
func sleep(_ pause: Duration) {
    var left = timespec(tv_sec: Int(pause.components.seconds), tv_nsec: Int(pause.components.attoseconds / 1_000_000_000))
    var wanted = left
    while unsafe nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
}

/// What `attempt` returns, however often it has to be made while the servers are away.
/// - Parameter say: takes messages for people; each new trouble is said once.
/// - Throws: what no waiting mends.
func patiently<Value>(_ say: (String) -> Void, _ attempt: () throws(BrokerError) -> Value) throws(BrokerError) -> Value {
    var patience = Patience()
    var told: BrokerError?
    while true {
        do throws(BrokerError) {
            return try attempt()
        } catch {
            guard error.mayPass else { throw error }
            if told != error { say("\(error); trying again until it works") }
            told = error
            sleep(patience.next())
        }
    }
}

extension Broker {
    func patiently<Value>(_ say: (String) -> Void, _ attempt: (Broker) throws(BrokerError) -> Value) throws(BrokerError) -> Value {
        try TidingsNATS.patiently(say) { () throws(BrokerError) in try attempt(self) }
    }
}
