import Glibc
import Synchronization
import TidingsCore
import TidingsFetch
import TidingsSystem

/// Takes fetch jobs from the queue, asks the hosts, and sends what came to the daemon. It keeps nothing: a job stays in the queue until
/// its result is delivered, and if the worker dies, another one gets it. One thread decides; the hops run on two others.
package struct Worker {
    private struct Running {
        let job: FetchJob
        /// Where the queue is told of it.
        var ack: String
        /// Where its result goes.
        let results: String
        /// What is being delivered; nil while the host is asked.
        var delivery: JobDelivery?
        /// When the present part is sent again.
        var resend = ContinuousClock.now
        /// When it gives up the delivery.
        var deadline = ContinuousClock.now
    }

    /// How long the daemon may take to say that it has a part.
    private static let receiptTimeout = Duration.seconds(2)
    /// When nobody listens for the result: the daemon's program may be starting again.
    private static let nobodyPause = Duration.milliseconds(500)
    private static let deliveryTimeout = Duration.seconds(60)
    private static let nobodyTimeout = Duration.seconds(10)
    /// Three times while the queue waits for a word.
    private let progressInterval: Duration
    private static let pullExpiry = Duration.seconds(5)
    private static let lookInterval = Duration.milliseconds(250)
    private static let refusedPause = Duration.milliseconds(500)
    private static let partBytes = 512 << 10
    private static let headerBytes = 4 << 10
    private static let rememberedHosts = 100_000

    private let broker: Broker
    private let inbox: BrokerInbox
    private let queue: JobQueue
    private let concurrency: Int
    private let say: (String) -> Void
    private let publicHops: HopLoop
    private let privateHops: HopLoop
    private let ended: EndedHops
    private var running: [UInt64: Running] = [:]
    private var lastToken: UInt64 = 0
    /// Jobs whose host has been asked a moment ago.
    private var delayed: [(start: ContinuousClock.Instant, token: UInt64)] = []
    private var lastStarts: [String: ContinuousClock.Instant] = [:]
    /// The present request for jobs: how many may still come, and until when.
    private var pull: (left: Int, end: ContinuousClock.Instant) = (0, .now)
    private var pullNumber = 0
    /// Before that no jobs are asked for: the queue has refused it.
    private var nextPull = ContinuousClock.now
    private var mending = Mending()
    private var nextProgress = ContinuousClock.now
    private var isStopping = false

    /// Waits until the servers are reached, for as long as that takes, and makes the queue if it is missing.
    /// - Parameters:
    ///   - concurrency: jobs at a time.
    ///   - say: takes messages for people.
    /// - Throws: what no waiting mends.
    package init(_ settings: BrokerSettings, _ queue: JobQueue, concurrency: Int, say: @escaping (String) -> Void) throws {
        self.queue = queue
        self.concurrency = concurrency
        self.say = say
        progressInterval = queue.silence / 3
        let inbox = try BrokerInbox()
        self.inbox = inbox
        let ended = EndedHops()
        self.ended = ended
        var limits = FetcherLimits()
        limits.concurrentFetches = concurrency
        limits.fetchesPerHost = 1
        let onEnd: @Sendable (UInt64, HopEnd) -> Void = { token, end in
            ended.put(token, end)
            inbox.wake()
        }
        publicHops = try HopLoop(limits: limits, onEnd: onEnd)
        privateHops = try HopLoop(limits: limits, onEnd: onEnd)
        broker = try Broker(settings, inbox: inbox, say: say)
        try broker.subscribe("\(broker.replies).>")
        try broker.patiently(say) { (broker) throws(BrokerError) in try broker.make(queue) }
    }

    /// Works until `stop` is readable; then others get at once what it has begun.
    /// - Parameter stop: a descriptor.
    package mutating func run(until stop: Int32) {
        say("takes jobs from \(queue.name), \(concurrency) at a time")
        while true {
            takeJobs()
            if wait(stop) { return letGo() }
            for event in inbox.take() { note(event) }
            for (token, end) in ended.take() { deliver(token, end) }
            startDelayed()
            resend()
            tellProgress()
        }
    }

    /// - Returns: whether it is to stop.
    private func wait(_ stop: Int32) -> Bool {
        var polled = [
            pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
        ]
        // While something runs, some of it may have to be sent again.
        var due = ContinuousClock.now + (running.isEmpty ? Self.pullExpiry : Self.lookInterval)
        if running.count < concurrency { due = min(due, pull.left == 0 ? nextPull : pull.end) }
        if let start = delayed.map(\.start).min() { due = min(due, start) }
        _ = unsafe poll(&polled, nfds_t(polled.count), Int32(max(0, ((due - .now) / .milliseconds(1)).rounded(.up))))
        return polled[1].revents != 0
    }

    // MARK: from the queue

    /// Asks for as many jobs as there is room for, unless such a request stands (ADR-37 of NATS).
    private mutating func takeJobs() {
        let room = concurrency - running.count
        guard room > 0, pull.left == 0 || .now > pull.end, .now >= nextPull else { return }
        pull = (room, .now + Self.pullExpiry)
        pullNumber += 1
        var json = JSONWriter()
        json.object { json in
            json.field("batch", room)
            json.field("expires", Self.pullExpiry.nanoseconds)
        }
        try? broker.publish(queue.pullSubject, reply: "\(broker.replies).pull.\(pullNumber)", json.bytes)
    }

    private mutating func note(_ event: BrokerEvent) {
        switch event {
        case .connected, .disconnected: pull.left = 0
        case .message(let message):
            if let reply = message.reply, reply.hasPrefix("$JS.ACK.") { return begin(message, ack: reply) }
            let token = message.subject.split(separator: ".").suffix(3)
            switch (token.first, token.count) {
            case ("part", 3): confirm(token, message)
            default: if token.suffix(2) == ["pull", "\(pullNumber)"] { endPull(message) }
            }
        }
    }

    /// The queue says that a request for jobs has ended: its time is over (408), or it cannot be met.
    private mutating func endPull(_ message: BrokerMessage) {
        pull.left = 0
        let isOver = message.headers["Status"] == "408"
        if isOver { return }
        nextPull = .now + Self.refusedPause
        if message.saysNoResponders { mending.make(queue, broker) }
    }

    private mutating func begin(_ message: BrokerMessage, ack: String) {
        pull.left = max(0, pull.left - 1)
        guard let job = JSONTree(message.bytes).flatMap(FetchJob.init), let results = message.headers[JobQueue.resultsField] else {
            say("a message of the queue is no job: \(String(decoding: message.bytes.prefix(100), as: UTF8.self))")
            return answer(ack, "+TERM")
        }
        if let token = running.first(where: { $0.value.job.id == job.id && $0.value.results == results })?.key {
            // The queue has not heard of it for too long. The host is not asked twice for that.
            running[token]?.ack = ack
            return
        }
        lastToken += 1
        running[lastToken] = Running(job: job, ack: ack, results: results)
        let now = ContinuousClock.now
        let start = lastStarts[job.host].map { $0 + .milliseconds(job.pauseMilliseconds) } ?? now
        if start > now { delayed.append((start, lastToken)) } else { self.start(lastToken, now) }
    }

    private mutating func startDelayed() {
        guard !delayed.isEmpty else { return }
        let now = ContinuousClock.now
        for (time, token) in delayed where time <= now { start(token, now) }
        delayed.removeAll { $0.start <= now }
    }

    private mutating func start(_ token: UInt64, _ now: ContinuousClock.Instant) {
        guard let job = running[token]?.job else { return }
        if lastStarts.count >= Self.rememberedHosts { lastStarts = [:] }
        lastStarts[job.host] = now
        (job.hop.allowsPrivateNetwork ? privateHops : publicHops).start(job.hop, id: token)
    }

    private mutating func tellProgress() {
        guard .now >= nextProgress else { return }
        nextProgress = .now + progressInterval
        for job in running.values { answer(job.ack, "+WPI") }
    }

    private func answer(_ ack: String, _ word: String) { try? broker.publish(ack, Array(word.utf8)) }

    /// Gives back all jobs.
    private func letGo() {
        for job in running.values { answer(job.ack, "-NAK") }
        try? broker.flush()
    }

    // MARK: to the daemon

    private mutating func deliver(_ token: UInt64, _ end: HopEnd) {
        guard let job = running[token]?.job else { return }
        let delivery = JobDelivery(
            FetchJobEnd(job: job.id, end: end).bytes, job: job.id, id: "\(broker.replies).\(token)",
            partBytes: max(1 << 10, min(Self.partBytes, broker.maxPayload - Self.headerBytes)))
        running[token]?.delivery = delivery
        running[token]?.deadline = .now + Self.deliveryTimeout
        sendPart(token)
    }

    private mutating func sendPart(_ token: UInt64) {
        guard let job = running[token], let delivery = job.delivery else { return }
        running[token]?.resend = .now + Self.receiptTimeout
        let part = delivery.part
        try? broker.publish(
            job.results, reply: "\(broker.replies).part.\(token).\(part.index)",
            headers: [(JobQueue.partField, part.description), (JobQueue.deliveryField, delivery.id)], delivery.partOfBytes)
    }

    private mutating func confirm(_ words: ArraySlice<Substring>, _ message: BrokerMessage) {
        let numbers = words.compactMap { UInt64($0) }
        guard numbers.count == 2, let job = running[numbers[0]], job.delivery != nil else { return }
        let token = numbers[0]
        if message.saysNoResponders {
            running[token]?.resend = .now + Self.nobodyPause
            running[token]?.deadline = min(job.deadline, .now + Self.nobodyTimeout)
            return
        }
        if running[token]?.delivery?.confirm(Int(numbers[1])) == true {
            answer(job.ack, "+ACK")
            running[token] = nil
        } else {
            sendPart(token)
        }
    }

    private mutating func resend() {
        let now = ContinuousClock.now
        for (token, job) in running where job.delivery != nil && job.resend <= now {
            if job.deadline <= now {
                // The daemon that wanted it is gone; if it is back, it asks again.
                answer(job.ack, "+TERM")
                running[token] = nil
            } else {
                sendPart(token)
            }
        }
    }
}

/// Takes the ends of hops from the threads that run them.
private final class EndedHops: Sendable {
    private let ends = Mutex<[(UInt64, HopEnd)]>([])

    func put(_ token: UInt64, _ end: HopEnd) { ends.withLock { $0.append((token, end)) } }

    func take() -> [(UInt64, HopEnd)] {
        ends.withLock { ends in
            defer { ends = [] }
            return ends
        }
    }
}
