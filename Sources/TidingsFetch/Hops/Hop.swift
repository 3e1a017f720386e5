import CCurl

/// One request of a fetch, to one host: all that whoever asks has to know.
package struct HopRequest: Equatable, Sendable {
    /// Absolute, http or https, without user and password.
    package var url: String
    /// Besides those that the other properties give.
    package var fields: [HeaderField]
    /// As `HopEnd.cookies` has them.
    package var cookies: [String] = []
    package var userAgent: String
    package var limits: FetchLimits
    /// For the whole hop.
    package var timeoutMilliseconds: Int
    /// PEM file of further certificate authorities; nil for the system's alone.
    package var caFile: String?
    package var allowsPrivateNetwork: Bool
    package var proxy: Proxy?
    /// Whether to ask for content codings, and to decode them. If not, the body stays as it comes.
    package var decodes = true
    /// What is sent with POST; nil for a GET.
    package var post: [UInt8]?
}

/// How a hop ended.
package struct HopEnd: Equatable, Sendable {
    /// Why a hop ended that libcurl itself has nothing to say of.
    package enum Refusal: Equatable, Sendable {
        case bodyTooLarge
        case headersTooLarge
        /// The host was reached at no other address than this one, which is not allowed.
        case address(String)
        /// Nobody has asked the host: there was no worker for so long.
        case noWorker(seconds: Int)
        case noMemory
    }

    /// libcurl's code (libcurl-errors(3)); 0 if the answer is complete, or libcurl was not asked.
    package var code: UInt32
    package var refusal: Refusal?
    /// libcurl's message, for the log; empty if all is well.
    package var detail = ""
    /// 0 if there is no answer.
    package var status = 0
    package var isHeaderComplete = false
    package var headers = HeaderFields()
    package var body: [UInt8] = []
    package var httpVersion = FetchResponse.HTTPVersion.http1_1
    /// The absolute URL of Location; nil without a redirect.
    package var redirectURL: String?
    /// The cookies that the hop was sent with, and those that its answer has set, as lines of Netscape's cookie file. Only of a redirect.
    package var cookies: [String] = []
    package var milliseconds = 0
    /// Whether the machine that has asked knows no way to the host, or has no address of its family.
    package var hasNoRoute = false
    /// Whether the proxy refused to connect to the host.
    package var isRefusedByProxy = false
    /// Whether the host's certificate was refused because of its dates.
    package var isCertificateOutOfDate = false

    package init(code: UInt32, refusal: Refusal? = nil) {
        self.code = code
        self.refusal = refusal
    }

    var curlCode: CURLcode { CURLcode(rawValue: code) }

    /// Whether it ended because libcurl could not follow the body's coding. Of Brotli, that can be an error of writing.
    var refusesCoding: Bool {
        curlCode == CURLE_BAD_CONTENT_ENCODING || curlCode == CURLE_WRITE_ERROR && body.isEmpty && refusal == nil
    }

    /// Whether the answer was given up for nothing but the size of its body.
    var isAnswerCut: Bool { isHeaderComplete && refusal == .bodyTooLarge }
}

/// Runs hops. Only `TransferLoop`'s thread calls it, or `HopLoop`'s.
protocol HopRunner: AnyObject {
    /// Begins a hop, unless that is not possible; `nextEnded` tells.
    func start(_ hop: HopRequest, id: UInt64, host: String)
    /// Ends a hop, of which nothing is told any more.
    func cancel(id: UInt64)
    /// Advances each hop as far as possible without waiting.
    func advance()
    /// The next hop that has ended; nil if there is none. Each is returned once.
    func nextEnded() -> (id: UInt64, end: HopEnd)?
    /// Waits until `time`, until a hop can be advanced, or until it is woken. A wake-up before ends the wait at once.
    func wait(until time: ContinuousClock.Instant?)
}

/// Makes the runner on the thread that uses it, and wakes it from any thread.
struct HopRunnerMaker: Sendable {
    let make: @Sendable () -> any HopRunner
    let wakeUp: @Sendable () -> Void

    /// Hops that this process runs itself, over libcurl.
    static func curl(_ limits: FetcherLimits, isPublic: @escaping AddressRule) -> HopRunnerMaker {
        let multi = MultiHandle(limits: limits)
        return HopRunnerMaker(make: { CurlHops(multi, isPublic: isPublic) }, wakeUp: { multi.wakeUp() })
    }
}
