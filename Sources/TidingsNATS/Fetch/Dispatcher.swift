import Glibc
import TidingsCore
import TidingsFetch
import TidingsSystem

/// The program behind `fetch.command`: puts the daemon's jobs into the queue, and gives it what the workers send. What is said on
/// standard input and output stands at `FetchDispatcher`. One thread waits for all that can happen.
package struct Dispatcher {
    private struct Job {
        let line: [UInt8]
        let subject: String
        /// When it is sent to the queue again, unless that is answered before; nil once it is in the queue.
        var due: ContinuousClock.Instant?
        /// How long it waits after the next refusal.
        var pause = Dispatcher.firstPause
    }

    /// How long the queue may take to answer.
    private static let answerTimeout = Duration.seconds(5)
    /// How long a job waits that is refused, mostly because the job before it for the same host has ended and is not acknowledged yet;
    /// then twice as long each time.
    private static let firstPause = Duration.milliseconds(2)
    private static let longestPause = Duration.milliseconds(500)
    /// How long a worker may be silent within a result, as soon as there are so many that are not whole.
    private static let deliveryTimeout = Duration.seconds(120)
    private static let crowd = 8

    private let broker: Broker
    private let inbox: BrokerInbox
    private let queue: JobQueue
    private let say: (String) -> Void
    private var lines = LineSplitter(limitBytes: .max)
    /// Where results go; nil before the daemon has said who it is.
    private var results: String?
    private var jobs: [UInt64: Job] = [:]
    /// Jobs that were sent, and when an answer is overdue, in that order.
    private var sent: ArraySlice<(due: ContinuousClock.Instant, job: UInt64)> = []
    /// Jobs that were refused, and when they are sent again. They are few: the daemon has one job for a host at a time.
    private var refused: [UInt64: ContinuousClock.Instant] = [:]
    /// Results that are not whole, by the worker's delivery: the parts so far, one after the other.
    private var partial: [String: (parts: Int, bytes: [UInt8], heard: ContinuousClock.Instant)] = [:]
    private var toldTrouble: String?
    private var hasInputEnded = false
    private var mending = Mending()

    /// Waits until the servers are reached, for as long as that takes, and makes the queue if it is missing.
    /// - Parameter say: takes messages for people.
    /// - Throws: what no waiting mends.
    package init(_ settings: BrokerSettings, _ queue: JobQueue, say: @escaping (String) -> Void) throws {
        self.queue = queue
        self.say = say
        inbox = try BrokerInbox()
        broker = try Broker(settings, inbox: inbox, say: say)
        try broker.subscribe("\(broker.replies).*")
        try broker.patiently(say) { (broker) throws(BrokerError) in try broker.make(queue) }
    }

    /// Runs until its input ends.
    package mutating func run() throws {
        while !hasInputEnded {
            try wait()
            for event in inbox.take() {
                switch event {
                case .message(let message): try note(message)
                case .connected: sendAllAgain()
                case .disconnected: break
                }
            }
            sendDue()
        }
    }

    private mutating func wait() throws {
        var polled = [
            pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        ]
        let due = [sent.first?.due, refused.values.min()].compactMap(\.self).min()
        let milliseconds = due.map { max(0, min((($0 - .now) / .milliseconds(1)).rounded(.up), 10_000)) }
        guard unsafe poll(&polled, nfds_t(polled.count), milliseconds.map { Int32($0) } ?? -1) > 0, polled[1].revents != 0 else { return }
        for line in lines.add(readPiece(STDIN_FILENO, isClosed: &hasInputEnded)) { try obey(line) }
    }

    // MARK: words of the daemon

    private mutating func obey(_ line: [UInt8]) throws {
        guard let json = JSONTree(line), json.isObject else {
            return say("what was read is no JSON object: \(String(decoding: line.prefix(200), as: UTF8.self))")
        }
        if let life = json["life"]?.string {
            let subject = queue.results(ofLife: life)
            try broker.subscribe(subject)
            try broker.patiently(say) { (broker) throws(BrokerError) in try broker.flush() }
            results = subject
        } else if let job = json["withdraw"]?.integer.map(UInt64.init) {
            withdraw(job)
        } else if let job = json["job"]?.integer.map(UInt64.init), let host = json["host"]?.string {
            jobs[job] = Job(line: line, subject: queue.subject(ofHost: host))
            send(job)
        }
    }

    /// Takes a job out of the queue; if a worker has it already, that goes on, and its result is dropped by the daemon.
    private mutating func withdraw(_ id: UInt64) {
        guard let job = jobs.removeValue(forKey: id), job.due == nil else { return }
        var json = JSONWriter()
        json.object { $0.field("filter", job.subject) }
        try? broker.publish(queue.purgeSubject, json.bytes)
    }

    // MARK: into the queue

    private mutating func send(_ id: UInt64) {
        guard let job = jobs[id], let results else { return }
        let due = ContinuousClock.now + Self.answerTimeout
        jobs[id]?.due = due
        sent.append((due, id))
        do throws(BrokerError) {
            try broker.publish(
                job.subject, reply: "\(broker.replies).\(id)", headers: [(JobQueue.resultsField, results)], job.line)
        } catch {
            tell(error.description)
        }
    }

    /// The queue may have lost what it had. What it has still is refused until it has ended.
    private mutating func sendAllAgain() {
        for id in jobs.filter({ $0.value.due == nil }).keys.sorted() { send(id) }
    }

    private mutating func sendDue() {
        let now = ContinuousClock.now
        while let (due, id) = sent.first, due <= now {
            sent.removeFirst()
            if jobs[id]?.due == due { send(id) }
        }
        for (id, due) in refused where due <= now {
            refused[id] = nil
            send(id)
        }
    }

    private mutating func note(_ message: BrokerMessage) throws {
        if message.subject == results { return try take(message) }
        guard let id = message.subject.split(separator: ".").last.flatMap({ UInt64($0) }), let job = jobs[id] else { return }
        switch PublishAnswer(message) {
        case .stored, .duplicate, .taken:
            jobs[id]?.due = nil
            toldTrouble = nil
        case .refused(let why):
            if why != JobQueue.hostIsTaken { tell(why) }
            if message.saysNoResponders { mending.make(queue, broker) }
            jobs[id]?.due = .now + job.pause
            jobs[id]?.pause = min(job.pause * 2, Self.longestPause)
            refused[id] = .now + job.pause
        }
    }

    /// Says a trouble once.
    private mutating func tell(_ trouble: String) {
        if toldTrouble != trouble { say("a job is not in the queue: \(trouble); trying again until it is") }
        toldTrouble = trouble
    }

    // MARK: from the workers

    private mutating func take(_ message: BrokerMessage) throws {
        guard let delivery = message.headers[JobQueue.deliveryField],
            let part = message.headers[JobQueue.partField].flatMap(JobPart.init)
        else { return }
        let now = ContinuousClock.now
        var known = partial[delivery] ?? (0, [], now)
        known.heard = now
        // A part comes again if its receipt was lost.
        if part.index == known.parts {
            known.parts += 1
            known.bytes += message.bytes
        }
        if known.parts == part.count {
            partial[delivery] = nil
            if part.index == part.count - 1 { try pass(known.bytes, job: part.job) }
        } else {
            // Of one that has begun before this process, the rest is of no use: the job is done once more.
            partial[delivery] = known
            // Those of workers that have died.
            if partial.count > Self.crowd { partial = partial.filter { now - $0.value.heard < Self.deliveryTimeout } }
        }
        if let reply = message.reply { try? broker.publish(reply, []) }
    }

    private mutating func pass(_ bytes: [UInt8], job: UInt64) throws(SystemError) {
        jobs[job] = nil
        try writeAll(bytes, to: STDOUT_FILENO)
    }
}
