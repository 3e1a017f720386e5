import TidingsCore

/// A hop on its way to a worker on any machine, and what the worker has to obey.
///
/// As JSON on one line; the request has secrets in it: header fields, and the proxy's credentials.
package struct FetchJob: Sendable {
    /// Unique among those of one daemon that runs.
    package var id: UInt64
    /// The host that is asked. It gets one request at a time.
    package var host: String
    /// The shortest time between the starts of two requests to the host.
    package var pauseMilliseconds: Int
    package var hop: HopRequest

    package init(id: UInt64, host: String, pauseMilliseconds: Int, hop: HopRequest) {
        self.id = id
        self.host = host
        self.pauseMilliseconds = pauseMilliseconds
        self.hop = hop
    }

    /// With its line end.
    package var line: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("job", Int64(id))
            json.field("host", host)
            json.field("pause_ms", pauseMilliseconds)
            json.object("request") { hop.write(into: &$0) }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// Nil if `json` is no job.
    package init?(_ json: JSONTree) {
        guard let id = json["job"]?.integer, let host = json["host"]?.string, let pause = json["pause_ms"]?.integer,
            let hop = json["request"].flatMap(HopRequest.init)
        else { return nil }
        self.init(id: UInt64(id), host: host, pauseMilliseconds: pause, hop: hop)
    }
}

/// How a job ended: a line of JSON with the lengths of what follows it, and then the header's field lines and the body as they came.
package struct FetchJobEnd: Sendable {
    package var job: UInt64
    package var end: HopEnd

    package init(job: UInt64, end: HopEnd) {
        self.job = job
        self.end = end
    }

    package var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("job", Int64(job))
            json.object("end") { end.write(into: &$0) }
            json.field("header_bytes", end.headers.bytes.count)
            json.field("body_bytes", end.body.count)
        }
        return json.bytes + [UInt8(ascii: "\n")] + end.headers.bytes + end.body
    }
}

/// Takes the ends of jobs from a stream of bytes.
package struct FetchJobEndReader {
    /// A longer line is none that a program should write.
    private static let lineLimitBytes = 1 << 20
    private static let bodyLimitBytes = 1 << 30

    /// What was written is no end of a job.
    package struct Malformed: Error, Equatable {
        package let line: String
    }

    private var buffer: [UInt8] = []
    /// Where in the buffer it is not yet read.
    private var start = 0
    /// The end whose header and body are to follow, and how long these are.
    private var head: (end: FetchJobEnd, headerBytes: Int, bodyBytes: Int)?

    package init() {}

    /// The ends that `bytes` complete.
    package mutating func add(_ bytes: [UInt8]) throws(Malformed) -> [FetchJobEnd] {
        buffer += bytes
        var ends: [FetchJobEnd] = []
        while let end = try next() { ends.append(end) }
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        return ends
    }

    private mutating func next() throws(Malformed) -> FetchJobEnd? {
        if head == nil {
            guard let newline = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) else {
                if buffer.count - start > Self.lineLimitBytes { throw malformed(buffer[start...]) }
                return nil
            }
            let line = buffer[start..<newline]
            guard let json = JSONTree(Array(line)), let job = json["job"]?.integer, let end = json["end"].flatMap(HopEnd.init),
                let headerBytes = json["header_bytes"]?.integer, let bodyBytes = json["body_bytes"]?.integer, job >= 0,
                (0...Self.bodyLimitBytes).contains(headerBytes), (0...Self.bodyLimitBytes).contains(bodyBytes)
            else { throw malformed(line) }
            head = (FetchJobEnd(job: UInt64(job), end: end), headerBytes, bodyBytes)
            start = newline + 1
        }
        guard case (var end, let headerBytes, let bodyBytes)? = head, buffer.count - start >= headerBytes + bodyBytes else { return nil }
        head = nil
        end.end.headers = HeaderFields(bytes: Array(buffer[start..<start + headerBytes]))
        end.end.body = Array(buffer[start + headerBytes..<start + headerBytes + bodyBytes])
        start += headerBytes + bodyBytes
        return end
    }

    private func malformed(_ line: ArraySlice<UInt8>) -> Malformed { Malformed(line: String(decoding: line.prefix(200), as: UTF8.self)) }
}
