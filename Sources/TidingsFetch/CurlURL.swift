import CCurl
import TidingsCore

/// The parts of an absolute http or https URL that decide on a fetch, as libcurl parses them.
///
/// Not `URI` of the core: libcurl connects to the host that libcurl finds in the URL. A rule that looked at the host that
/// another parser finds could allow one address and reach another.
struct CurlURL {
    /// The URL without user and password, which is fetched, stored and shown. Secrets belong in header fields.
    let text: String
    let scheme: String
    /// Lowercase, with international names in IDNA form.
    let host: String
    let port: String

    /// Whether both URLs have the same origin (RFC 6454 §4), and so may get the same secrets.
    func hasOrigin(of other: CurlURL) -> Bool { scheme == other.scheme && host == other.host && port == other.port }

    init(_ text: String) throws(FetchError) {
        func error(_ reason: FetchError.Reason, _ detail: String = "") -> FetchError {
            FetchError(url: withoutUserInfo(text), reason: reason, detail: detail)
        }
        guard let parts = unsafe curl_url() else { throw error(.badURL, "out of memory") }
        defer { unsafe curl_url_cleanup(parts) }
        // Without CURLU_GUESS_SCHEME libcurl refuses a URL without a scheme. With CURLU_NON_SUPPORT_SCHEME it accepts an
        // unknown scheme, which gets its own reason below.
        let code = unsafe curl_url_set(parts, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard code == CURLUE_OK, !text.utf8.contains(0) else {
            throw error(.badURL, unsafe String(cString: curl_url_strerror(code)))
        }
        func part(_ which: CURLUPart, _ flags: Int32 = CURLU_DEFAULT_PORT) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard unsafe curl_url_get(parts, which, &value, UInt32(flags)) == CURLUE_OK, let value = unsafe value
            else { return nil }
            defer { unsafe curl_free(value) }
            return unsafe String(cString: value)
        }
        guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https" else {
            throw error(.forbiddenScheme)
        }
        let isInternational = text.utf8.contains { $0 >= 0x80 }
        let name = isInternational ? withUTF8Names { part(CURLUPART_HOST, CURLU_PUNYCODE) } : part(CURLUPART_HOST)
        guard let host = name, let port = part(CURLUPART_PORT) else {
            throw error(.badURL, "no host")
        }
        var plainText: String? = text
        if part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil {
            for secret in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS] {
                unsafe curl_url_set(parts, secret, nil, 0)
            }
            plainText = part(CURLUPART_URL, 0)
        }
        guard let plainText else { throw error(.badURL, "out of memory") }
        self.text = plainText
        self.scheme = scheme
        self.host = String(decoding: host.utf8.map(\.asciiLowercased), as: UTF8.self)
        self.port = port
    }
}

/// The text of an invalid URL for messages, without the part that may be user and password.
private func withoutUserInfo(_ text: String) -> String {
    guard let slashes = text.firstRange(of: "://"), let at = text.lastIndex(of: "@"), at > slashes.upperBound
    else { return text }
    return String(text[..<slashes.upperBound]) + text[at...].dropFirst()
}
