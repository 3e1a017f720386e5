/// One request: a GET of a poll, or a POST of a webhook.
package struct FetchRequest: Sendable {
    /// Absolute, http or https.
    package var url: String
    /// The stored ETag, sent verbatim in If-None-Match (RFC 9110 §13.1.2).
    package var etag: String?
    /// The stored Last-Modified, sent verbatim in If-Modified-Since (§13.1.3).
    package var lastModified: String?
    package var userAgent: String
    /// Further header fields. They may contain secrets, so they are not sent after a redirect to another origin.
    package var headers: [HeaderField]
    package var limits: FetchLimits
    /// PEM file of certificate authorities to trust besides those of the system's folder; nil for the system's file.
    package var caFile: String?
    /// Whether to connect to loopback, link-local and private addresses too.
    package var allowsPrivateNetwork: Bool
    /// The proxy itself may have any address. Which address a name has is then for the proxy to judge: only private addresses that are
    /// written as numbers, and `localhost`, are refused here.
    package var proxy = ProxyChoice.none
    /// Whether a cookie that a redirect sets goes along on the next hops of the same fetch, as far as RFC 6265 allows. Without it
    /// some publishers redirect for ever. No cookie outlives its fetch.
    package var keepsCookies = true
    /// What is sent with POST; nil for a GET.
    ///
    /// A POST is sent once: no redirect is followed, which would send it to somebody else or turn it into a GET (RFC 9110 §15.4),
    /// and the answer's body, which says nothing that counts, is taken as it comes, and no further than `FetchLimits.maxBodyBytes`.
    package var post: [UInt8]?

    package init(
        url: String, etag: String? = nil, lastModified: String? = nil, userAgent: String,
        headers: [HeaderField] = [], limits: FetchLimits = FetchLimits(), allowsPrivateNetwork: Bool = false
    ) {
        self.url = url
        self.etag = etag
        self.lastModified = lastModified
        self.userAgent = userAgent
        self.headers = headers
        self.limits = limits
        self.allowsPrivateNetwork = allowsPrivateNetwork
    }
}

/// The limits of one fetch, for all its hops together. The wait for a free slot does not count.
package struct FetchLimits: Equatable, Sendable {
    /// The size of the *decoded* body, because a small gzip body can unpack to any size.
    package var maxBodyBytes = 32 << 20
    package var maxHeaderBytes = 256 << 10
    package var connectSeconds = 15
    package var totalSeconds = 120
    /// A fetch that is slower than `lowSpeedBytesPerSecond` for `lowSpeedSeconds` is ended.
    package var lowSpeedBytesPerSecond = 64
    package var lowSpeedSeconds = 30
    package var maxRedirects = 5

    package init() {}
}
