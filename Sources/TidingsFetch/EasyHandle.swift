import CCurl
import Glibc
import TidingsCore

/// One libcurl easy handle, with the response that it has received. It is reused for hop after hop of any fetch, because
/// making a handle costs more than a small response. The last reference frees it; before that, it must be removed from
/// its multi handle.
@safe final class EasyHandle {
    /// Identifies a handle, also one that libcurl returns.
    typealias ID = UInt
    var id: ID { unsafe ID(bitPattern: pointer) }

    let pointer: UnsafeMutableRawPointer
    let collector: ResponseCollector
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let systemCAFile: String?

    /// Nil if there is no memory.
    init?(isPublic: @escaping AddressRule) {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe pointer = unsafe handle
        collector = ResponseCollector(isPublic: isPublic)
        // The buffer "must be at least CURL_ERROR_SIZE bytes big", and "you must keep the associated buffer available
        // until libcurl no longer needs it" (CURLOPT_ERRORBUFFER(3)).
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe headerList = nil
        var caFile: UnsafePointer<CChar>?
        unsafe tidings_getinfo_string(handle, CURLINFO_CAINFO, &caFile)
        systemCAFile = unsafe caFile.map { unsafe String(cString: $0) }
        unsafe tidings_setopt_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
        setCommonOptions()
        setCallbacks()
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe curl_slist_free_all(headerList)
        unsafe errorText.deallocate()
    }

    /// Sets the options that are the same for each fetch.
    private func setCommonOptions() {
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // `Transfer` follows redirects, so that each hop is checked, recorded and queued under its own host.
        set(CURLOPT_FOLLOWLOCATION, 0)
        // "Setting the noproxy string to "" (an empty string) will explicitly enable the proxy for all host names, even if there
        // is an environment variable set for it" (CURLOPT_NOPROXY(3)).
        set(CURLOPT_NOPROXY, "")
        // The answer to CONNECT is not that of the host.
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        // Each handle would cache its last sessions, for hosts to which it hardly ever connects again.
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // "If you pass in an empty string [...] it tells libcurl to only enable the cookie engine but not to read any file"
        // (CURLOPT_COOKIEFILE(3)). What it holds is of one hop: see `aim` and `clear`.
        set(CURLOPT_COOKIEFILE, "")
        set(CURLOPT_TCP_KEEPALIVE, 1)
        // At each look-up libcurl walks through its whole DNS cache. With the default of a minute, thousands of hosts would
        // make this cost more than the fetches. Fetches of one host at about the same time share a connection anyway.
        set(CURLOPT_DNS_CACHE_TIMEOUT, 5)
        // "libcurl will not use any functions that install signal handlers or any functions that cause signals to be
        // sent to the process" (CURLOPT_NOSIGNAL(3)).
        set(CURLOPT_NOSIGNAL, 1)
        // Without it, the end of a transfer whose name does not resolve waits for the resolver's thread, and all other
        // transfers wait too: "it should skip lengthy cleanups [...] at the expense of a possible (though short-lived) leak
        // of associated resources" (CURLOPT_QUICK_EXIT(3)). The detached thread frees these when it ends.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setCallbacks() {
        let context = unsafe Unmanaged.passUnretained(collector).toOpaque()
        unsafe tidings_setopt_write(pointer, CURLOPT_WRITEFUNCTION, takeBody)
        unsafe tidings_setopt_pointer(pointer, CURLOPT_WRITEDATA, context)
        unsafe tidings_setopt_write(pointer, CURLOPT_HEADERFUNCTION, takeHeader)
        unsafe tidings_setopt_pointer(pointer, CURLOPT_HEADERDATA, context)
        unsafe tidings_setopt_opensocket(pointer, openSocket)
        unsafe tidings_setopt_pointer(pointer, CURLOPT_OPENSOCKETDATA, context)
    }

    /// Prepares the handle for a hop. It sets every option that may differ from the previous hop. libcurl copies the strings.
    func aim(at hop: HopRequest) {
        let limits = hop.limits
        collector.begin(limits: limits, allowsPrivateNetwork: hop.allowsPrivateNetwork || hop.proxy != nil)
        unsafe errorText.pointee = 0
        set(CURLOPT_URL, hop.url)
        // "Set wait to 1L to tell libcurl to prefer to wait for a connection to confirm or deny that it can do
        // multiplexing before continuing" (CURLOPT_PIPEWAIT(3)). So a host gets only one connection where one is enough.
        // With TLS the handshake tells. Without TLS, libcurl would wait for the whole first response, for nothing.
        set(CURLOPT_PIPEWAIT, hop.url.utf8.starts(with: "https:".utf8) ? 1 : 0)
        set(CURLOPT_USERAGENT, hop.userAgent)
        unsafe tidings_setopt_string(pointer, CURLOPT_CAINFO, hop.caFile ?? systemCAFile)
        // "Setting the proxy string to "" (an empty string) explicitly disables the use of a proxy, even if there is an
        // environment variable set for it" (CURLOPT_PROXY(3)).
        set(CURLOPT_PROXY, hop.proxy?.url ?? "")
        if let proxy = hop.proxy {
            unsafe tidings_setopt_string(pointer, CURLOPT_PROXYUSERPWD, proxy.credentials)
            unsafe tidings_setopt_string(pointer, CURLOPT_PROXY_CAINFO, hop.caFile ?? systemCAFile)
        }
        setMethod(post: hop.post)
        set(CURLOPT_TIMEOUT_MS, hop.timeoutMilliseconds)
        set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectSeconds * 1000)
        set(CURLOPT_LOW_SPEED_LIMIT, limits.lowSpeedBytesPerSecond)
        set(CURLOPT_LOW_SPEED_TIME, limits.lowSpeedSeconds)
        // "libcurl allows a zero-length string to be set ("") to ask for an Accept-Encoding: header to be used that
        // contains all built-in supported encodings"; NULL "disable[s] sending the header" (CURLOPT_ACCEPT_ENCODING(3)).
        unsafe tidings_setopt_string(pointer, CURLOPT_ACCEPT_ENCODING, hop.decodes ? "" : nil)
        set(CURLOPT_HTTP_CONTENT_DECODING, hop.decodes ? 1 : 0)
        for cookie in hop.cookies { set(CURLOPT_COOKIELIST, cookie) }
        // As a field of the list it would be a second line beside that of the cookies above (RFC 6265 §5.4).
        let ownCookies = hop.fields.filter(\.isCookie).map(\.value).joined(separator: "; ")
        unsafe tidings_setopt_string(pointer, CURLOPT_COOKIE, ownCookies.isEmpty ? nil : ownCookies)
        var list: UnsafeMutablePointer<curl_slist>?
        for field in hop.fields where !field.isCookie {
            // "If you want to send a header without content (nothing on the right side of the colon) use the form
            // 'name;' (note the ending semicolon)" (CURLOPT_HTTPHEADER(3)).
            let line = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
            unsafe list = curl_slist_append(list, line) ?? list
        }
        // "The Expect header asks the server for permission, and you can disable it with CURLOPT_HTTPHEADER" (CURLOPT_POST(3)): a
        // server that does not know it would cost a second for each POST of over 1 MiB. A GET never has it.
        if hop.post != nil { unsafe list = curl_slist_append(list, "Expect:") ?? list }
        unsafe tidings_setopt_pointer(pointer, CURLOPT_HTTPHEADER, list)
        unsafe curl_slist_free_all(headerList)
        unsafe headerList = unsafe list
    }

    private func setMethod(post body: [UInt8]?) {
        guard let body else {
            // "When setting CURLOPT_HTTPGET to 1, libcurl automatically sets CURLOPT_NOBODY to 0 and CURLOPT_UPLOAD to 0", and a POST
            // of the hop before is over (CURLOPT_HTTPGET(3)).
            return set(CURLOPT_HTTPGET, 1)
        }
        set(CURLOPT_POST, 1)
        // "you must set the size of the data before you set CURLOPT_COPYPOSTFIELDS" for bytes that are no C string
        // (CURLOPT_COPYPOSTFIELDS(3)).
        set(CURLOPT_POSTFIELDSIZE, body.count)
        var copy = body
        _ = unsafe copy.withUnsafeMutableBytes { unsafe tidings_setopt_pointer(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
    }

    /// Has all transfers from now on go to the abstract Unix socket of that name, whatever the URL says.
    func redirect(toSocket name: String) { set(CURLOPT_ABSTRACT_UNIX_SOCKET, name) }

    /// Forgets the response, and its cookies.
    func clear() {
        collector.clear()
        // "Erases all cookies held in memory" (CURLOPT_COOKIELIST(3)).
        set(CURLOPT_COOKIELIST, "ALL")
    }

    /// What became of the hop that libcurl has ended with `code`.
    func end(_ code: CURLcode) -> HopEnd {
        var end = HopEnd(code: code.rawValue, refusal: collector.refusal(isConnected: code != CURLE_COULDNT_CONNECT))
        end.status = status
        end.isHeaderComplete = collector.isHeaderComplete
        end.headers = collector.headers
        end.body = collector.body
        end.httpVersion = httpVersion
        end.milliseconds = totalMilliseconds
        if code != CURLE_OK {
            end.detail = message(code)
            end.hasNoRoute = hasNoRoute
            end.isRefusedByProxy = isRefusedByProxy
            end.isCertificateOutOfDate = isCertificateOutOfDate
        } else if Transfer.redirects.contains(end.status) {
            end.redirectURL = redirectURL
            end.cookies = cookies
        }
        return end
    }

    /// The cookies that the hop was sent with, and those that its response has set, as lines for `aim`.
    private var cookies: [String] {
        var list: UnsafeMutablePointer<curl_slist>?
        unsafe tidings_getinfo_list(pointer, CURLINFO_COOKIELIST, &list)
        defer { unsafe curl_slist_free_all(list) }
        var lines: [String] = []
        var next = unsafe list
        while let node = unsafe next {
            unsafe lines.append(String(cString: node.pointee.data))
            unsafe next = node.pointee.next
        }
        return lines
    }

    private var status: Int { number(CURLINFO_RESPONSE_CODE) }

    private var httpVersion: FetchResponse.HTTPVersion {
        switch number(CURLINFO_HTTP_VERSION) {
        case Int(CURL_HTTP_VERSION_1_0): .http1_0
        case Int(CURL_HTTP_VERSION_1_1): .http1_1
        default: .http2
        }
    }

    /// Whether the host's certificate was refused because of its dates.
    private var isCertificateOutOfDate: Bool {
        // X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED (x509_vfy.h of OpenSSL).
        [9, 10].contains(number(CURLINFO_SSL_VERIFYRESULT))
    }

    /// Whether the proxy refused to connect to the host (CURLINFO_HTTP_CONNECTCODE(3)).
    private var isRefusedByProxy: Bool { number(CURLINFO_HTTP_CONNECTCODE) >= 300 }

    /// Whether the last connection failed because this machine knows no way to the host, or has no address of the host's family: "the
    /// errno variable from a connect failure. Note that the value is only set on failure" (CURLINFO_OS_ERRNO(3)).
    private var hasNoRoute: Bool {
        [ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL].contains(Int32(truncatingIfNeeded: number(CURLINFO_OS_ERRNO)))
    }

    /// The duration of the last hop.
    private var totalMilliseconds: Int {
        var microseconds: curl_off_t = 0
        unsafe tidings_getinfo_offset(pointer, CURLINFO_TOTAL_TIME_T, &microseconds)
        return Int(microseconds / 1000)
    }

    /// The absolute URL of Location: "the URL a redirect would take you to if you would enable CURLOPT_FOLLOWLOCATION"
    /// (CURLINFO_REDIRECT_URL(3)).
    private var redirectURL: String? {
        var value: UnsafePointer<CChar>?
        unsafe tidings_getinfo_string(pointer, CURLINFO_REDIRECT_URL, &value)
        return unsafe value.map { unsafe String(cString: $0) }
    }

    /// libcurl's message for this failure: the detailed one if there is one, else the general one for `code`.
    private func message(_ code: CURLcode) -> String {
        unsafe errorText.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        unsafe tidings_getinfo_long(pointer, info, &value)
        return value
    }

    // These fail only without memory: the options exist, and libcurl checks values when it uses them.
    private func set(_ option: CURLoption, _ value: Int) { unsafe tidings_setopt_long(pointer, option, value) }
    private func set(_ option: CURLoption, _ value: String) { unsafe tidings_setopt_string(pointer, option, value) }
}

extension HeaderField {
    fileprivate var isCookie: Bool { name.utf8.elementsEqual("cookie".utf8) { $0.asciiLowercased == $1 } }
}
