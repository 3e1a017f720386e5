import CCurl

extension FetchError.Reason {
    /// What libcurl's result means to the poll plan. What is not named here is a failure of the protocol's
    /// conversation.
    init(_ code: CURLcode, of handle: EasyHandle, elapsedSeconds: Int, limits: FetchLimits) {
        switch code {
        case CURLE_URL_MALFORMAT: self = .badURL
        case CURLE_COULDNT_RESOLVE_HOST: self = .dns
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: self = .unreachable
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut(afterSeconds: elapsedSeconds)
        case CURLE_PEER_FAILED_VERIFICATION:
            self = handle.isCertificateOutOfDate ? .certificateDate : .certificate
        case CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS: self = .certificate
        case CURLE_SSL_CACERT_BADFILE: self = .caFile
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ENGINE_INITFAILED:
            self = .tlsHandshake
        // A field that is longer than libcurl takes has no code of its own, as of 7.88.
        case CURLE_OUT_OF_MEMORY where !handle.collector.isHeaderComplete:
            self = .headersTooLarge(limitBytes: Self.longestFieldBytes)
        // Of a body that breaks off: short against Content-Length or without its last chunk; reset in its middle;
        // its coding damaged.
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_BAD_CONTENT_ENCODING: self = .truncated
        default: self = .protocolError
        }
    }

    /// CURL_MAX_HTTP_HEADER (curl.h).
    private static let longestFieldBytes = 100 << 10
}
