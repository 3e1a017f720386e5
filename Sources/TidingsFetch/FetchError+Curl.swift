import CCurl

extension FetchError.Reason {
    /// What libcurl's result means to the poll plan. What is not named here is a failure of the protocol's
    /// conversation.
    init(_ code: CURLcode, elapsedSeconds: Int, limits: FetchLimits) {
        switch code {
        case CURLE_URL_MALFORMAT: self = .badURL
        case CURLE_COULDNT_RESOLVE_HOST: self = .dns
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: self = .unreachable
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut(afterSeconds: elapsedSeconds)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED:
            self = .tls
        // Of a body that breaks off: short against Content-Length or without its last chunk; reset in its middle;
        // its coding damaged.
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_BAD_CONTENT_ENCODING: self = .truncated
        default: self = .protocolError
        }
    }
}
