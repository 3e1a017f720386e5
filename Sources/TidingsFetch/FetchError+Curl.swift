import CCurl

extension FetchError.Reason {
    /// Translates the end of a hop without a complete answer for the poll plan. Any code of libcurl that is not listed is a protocol
    /// error.
    /// - Parameter isProxied: whether the connection was to be one to a proxy.
    init(_ end: HopEnd, isProxied: Bool, elapsedSeconds: Int, limits: FetchLimits) {
        switch end.refusal {
        case .bodyTooLarge: self = .bodyTooLarge(limitBytes: limits.maxBodyBytes)
        case .headersTooLarge: self = .headersTooLarge(limitBytes: limits.maxHeaderBytes)
        case .address(let address): self = .forbiddenAddress(address)
        case .noWorker(let seconds): self = .noWorker(afterSeconds: seconds)
        case .noMemory: self = .protocolError
        case nil: self.init(curl: end, isProxied: isProxied, elapsedSeconds: elapsedSeconds)
        }
    }

    private init(curl end: HopEnd, isProxied: Bool, elapsedSeconds: Int) {
        switch end.curlCode {
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self = .proxy
        case CURLE_COULDNT_CONNECT where end.hasNoRoute: self = .noRoute
        case CURLE_COULDNT_CONNECT where isProxied: self = .proxy
        case _ where isProxied && end.isRefusedByProxy: self = .proxy
        case CURLE_URL_MALFORMAT: self = .badURL
        case CURLE_COULDNT_RESOLVE_HOST: self = .dns
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: self = .unreachable
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut(afterSeconds: elapsedSeconds)
        case CURLE_PEER_FAILED_VERIFICATION:
            self = end.isCertificateOutOfDate ? .certificateDate : .certificate
        case CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS: self = .certificate
        case CURLE_SSL_CACERT_BADFILE: self = .caFile
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ENGINE_INITFAILED:
            self = .tlsHandshake
        // libcurl, as of 7.88, has no code of its own for a header field that is longer than it accepts.
        case CURLE_OUT_OF_MEMORY where !end.isHeaderComplete:
            self = .headersTooLarge(limitBytes: Self.longestFieldBytes)
        // A truncated body: shorter than Content-Length or without its last chunk; a reset connection.
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR: self = .truncated
        // Bytes behind the end of the coding; what came before them is decoded.
        case CURLE_WRITE_ERROR: self = .badContentCoding(end.headers["Content-Encoding"] ?? "")
        default: self = .protocolError
        }
    }

    init(_ failure: BareBody.Failure, limits: FetchLimits) {
        switch failure {
        case .tooLarge: self = .bodyTooLarge(limitBytes: limits.maxBodyBytes)
        case .notInCoding(let codings): self = .badContentCoding(codings.joined(separator: ", "))
        }
    }

    /// Whether a body that ended so can be whole all the same: nobody said that it has ended, or something follows.
    var leavesBody: Bool {
        switch self {
        case .truncated, .timedOut, .protocolError, .badContentCoding: true
        default: false
        }
    }

    /// The value of CURL_MAX_HTTP_HEADER (curl.h).
    private static let longestFieldBytes = 100 << 10
}
