import CCurl

/// The parts of an absolute http or https URL that fetching is decided on, as libcurl reads them: another parser's
/// view of the host would be another host.
struct WebURL {
    let text: String
    let scheme: String
    /// Lowercase.
    let host: String
    let port: String

    /// Two URLs of one origin (RFC 6454 §4) share secrets.
    func hasOrigin(of other: WebURL) -> Bool { scheme == other.scheme && host == other.host && port == other.port }

    init(_ text: String) throws(FetchError) {
        guard let parts = unsafe curl_url() else {
            throw FetchError(url: text, reason: .badURL, detail: "out of memory")
        }
        defer { unsafe curl_url_cleanup(parts) }
        // Without CURLU_GUESS_SCHEME a URL that has none is refused; a scheme unknown to libcurl gets its own reason
        // below.
        let code = unsafe curl_url_set(parts, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard code == CURLUE_OK, !text.utf8.contains(0) else {
            throw FetchError(url: text, reason: .badURL, detail: unsafe String(cString: curl_url_strerror(code)))
        }
        func part(_ which: CURLUPart) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard unsafe curl_url_get(parts, which, &value, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK,
                let value = unsafe value
            else { return nil }
            defer { unsafe curl_free(value) }
            return unsafe String(decoding: String(cString: value).utf8.map(lowercase), as: UTF8.self)
        }
        guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https" else {
            throw FetchError(url: text, reason: .forbiddenScheme)
        }
        guard let host = part(CURLUPART_HOST), let port = part(CURLUPART_PORT) else {
            throw FetchError(url: text, reason: .badURL, detail: "no host")
        }
        self.text = text
        self.scheme = scheme
        self.host = host
        self.port = port
    }
}
