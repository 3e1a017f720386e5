/// One GET, as a feed's poll asks for it.
package struct FetchRequest: Sendable {
    /// Absolute, http or https.
    package var url: String
    /// The stored ETag, sent verbatim in If-None-Match (RFC 9110 §13.1.2).
    package var etag: String?
    /// The stored Last-Modified, sent verbatim in If-Modified-Since (§13.1.3).
    package var lastModified: String?
    package var userAgent: String
    /// Further fields. They may hold secrets, so a redirect to another origin does not get them.
    package var headers: [HeaderField]
    package var limits: FetchLimits
    /// PEM file of authorities to trust beside those of the system's folder; nil: the system's.
    package var caFile: String?
    /// Whether loopback, link-local and private addresses may be connected to.
    package var allowsPrivateNetwork: Bool

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

/// What one fetch may take. Waiting for a free place does not count; all hops of a redirect together do.
package struct FetchLimits: Equatable, Sendable {
    /// Of the *decoded* body: a small gzip body may unpack to any size.
    package var maxBodyBytes = 32 << 20
    package var maxHeaderBytes = 256 << 10
    package var connectSeconds = 15
    package var totalSeconds = 120
    /// Slower than `lowSpeedBytesPerSecond` for `lowSpeedSeconds` ends the fetch.
    package var lowSpeedBytesPerSecond = 64
    package var lowSpeedSeconds = 30
    package var maxRedirects = 5

    package init() {}
}
