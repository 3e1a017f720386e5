import CNATS
import TidingsCore

/// The JetStream work queue of fetch jobs, and the names in it.
///
/// Each host has a subject of its own, and of each subject the queue holds one message at most: a second job for a host is refused until
/// the first is acknowledged. So whoever publishes and however many pull, a host is asked by one worker at a time.
package struct JobQueue: Equatable, Sendable {
    /// Stream and first part of all subjects.
    package var name: String
    /// Servers that each keep a copy, if it is made.
    package var replicas: Int
    /// How long a worker may be silent about a job before another one gets it.
    package var silence: Duration

    package init(name: String, replicas: Int, silence: Duration) {
        self.name = name
        self.replicas = replicas
        self.silence = silence
    }

    /// The one consumer, from which all workers pull.
    static let workers = "workers"
    /// A job that ended so many workers, or was let go by them, is not given to another.
    fileprivate static let deliveries: Int64 = 5
    /// Nobody waits for an older job any more.
    fileprivate static let maxAge = Duration.seconds(3600)
    fileprivate static let maxAckPending: Int64 = 65_536
    fileprivate static let maxWaiting: Int64 = 8_192

    /// Names of header fields.
    static let resultsField = "Tidings-Results"
    static let partField = "Tidings-Part"
    static let deliveryField = "Tidings-Delivery"

    /// The server's words for a second job of a host (JSStreamStoreFailed, 10077).
    static let hostIsTaken = "maximum messages per subject exceeded"

    func subject(ofHost host: String) -> String { "\(name).jobs.\(ContentHash.of(Array(host.utf8)).description.suffix(32))" }

    /// Where the workers send what came of the jobs of one daemon that runs.
    func results(ofLife life: String) -> String { "\(name).results.\(life)" }

    var pullSubject: String { "$JS.API.CONSUMER.MSG.NEXT.\(name).\(Self.workers)" }
    var purgeSubject: String { "$JS.API.STREAM.PURGE.\(name)" }
}

extension Broker {
    /// Makes the queue and its consumer, unless they are there.
    func make(_ queue: JobQueue) throws(BrokerError) {
        var strings = CStrings()
        var stream = unsafe jsStreamConfig()
        unsafe jsStreamConfig_Init(&stream)
        unsafe stream.Name = strings.keep(queue.name)
        unsafe stream.Subjects = strings.keep(["\(queue.name).jobs.*"])
        unsafe stream.SubjectsLen = 1
        unsafe stream.Retention = js_WorkQueuePolicy
        // What it loses, the daemon asks for again.
        unsafe stream.Storage = js_MemoryStorage
        unsafe stream.Discard = js_DiscardNew
        unsafe stream.DiscardNewPerSubject = true
        unsafe stream.MaxMsgsPerSubject = 1
        unsafe stream.MaxAge = JobQueue.maxAge.nanoseconds
        unsafe stream.Replicas = Int64(queue.replicas)
        if try !hasStream(queue.name) {
            try callJetStream("make the queue \(queue.name)") { code in unsafe js_AddStream(nil, jetStream, &stream, nil, &code) }
        }
        var consumer = unsafe jsConsumerConfig()
        unsafe jsConsumerConfig_Init(&consumer)
        unsafe consumer.Durable = strings.keep(JobQueue.workers)
        unsafe consumer.AckPolicy = js_AckExplicit
        unsafe consumer.AckWait = queue.silence.nanoseconds
        unsafe consumer.MaxDeliver = JobQueue.deliveries
        unsafe consumer.MaxAckPending = JobQueue.maxAckPending
        unsafe consumer.MaxWaiting = JobQueue.maxWaiting
        try callJetStream("make the consumer \(JobQueue.workers) of \(queue.name)") { code in
            unsafe js_AddConsumer(nil, jetStream, queue.name, &consumer, nil, &code)
        }
        withExtendedLifetime(strings) {}
    }
}

/// Makes the queue again that nobody answers for: it is in memory, and all servers that had it were restarted. What was in it, the daemon
/// still has.
struct Mending {
    private static let pause = Duration.seconds(2)
    private var next = ContinuousClock.now

    /// At most every two seconds, for it may be that the servers only elect a leader.
    mutating func make(_ queue: JobQueue, _ broker: Broker) {
        guard .now >= next else { return }
        try? broker.make(queue)
        next = .now + Self.pause
    }
}
