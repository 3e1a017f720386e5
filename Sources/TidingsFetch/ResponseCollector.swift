import CCurl
import Glibc

/// Whether an address belongs to the public network: `NetworkAddress.isPublic`. Tests use another rule, because their
/// servers have no public address.
typealias AddressRule = @Sendable (NetworkAddress) -> Bool

/// Collects the response of one hop, within the limits. libcurl's callbacks call it on the transfer thread.
final class ResponseCollector {
    private let isPublic: AddressRule
    private var limits = FetchLimits()
    private var allowsPrivateNetwork = false
    private(set) var body: [UInt8] = []
    private(set) var headers = HeaderFields()
    private var headerBytes = 0
    private(set) var isHeaderComplete = false
    private var limitBroken: HopEnd.Refusal?
    private var refusedAddress: String?

    init(isPublic: @escaping AddressRule) { self.isPublic = isPublic }

    /// Prepares for another hop.
    func begin(limits: FetchLimits, allowsPrivateNetwork: Bool) {
        self.limits = limits
        self.allowsPrivateNetwork = allowsPrivateNetwork
        clear()
    }

    /// Releases the response.
    func clear() {
        body = []
        headers = HeaderFields()
        headerBytes = 0
        isHeaderComplete = false
        limitBroken = nil
        refusedAddress = nil
    }

    /// Why a callback made the transfer fail, which libcurl itself does not know; nil if none did. A refused address is the
    /// reason only if the host was not reached at another address.
    func refusal(isConnected: Bool) -> HopEnd.Refusal? {
        limitBroken ?? (isConnected ? nil : refusedAddress.map { .address($0) })
    }

    /// Appends decoded bytes of the body. Returns false if the transfer must end.
    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= limits.maxBodyBytes - body.count else {
            limitBroken = .bodyTooLarge
            return false
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    /// Handles one line of the header: a status line, a field line, or the empty line at the end. Returns false if the
    /// transfer must end.
    fileprivate func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= limits.maxHeaderBytes else {
            limitBroken = .headersTooLarge
            return false
        }
        if unsafe line.starts(with: "HTTP/".utf8) {
            // A new response begins, for example the final one after "103 Early Hints".
            headers = HeaderFields()
            isHeaderComplete = false
        } else if unsafe line.elementsEqual("\r\n".utf8) || line.elementsEqual("\n".utf8) {
            isHeaderComplete = true
        } else if !isHeaderComplete {
            // Fields after the header are trailer fields, which must not be merged into it (RFC 9110 §6.5.1).
            unsafe headers.append(line: line)
        }
        return true
    }

    /// A socket for a connection to `address`, or CURL_SOCKET_BAD if that address is not allowed.
    fileprivate func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        if !allowsPrivateNetwork {
            var octets: UnsafePointer<UInt8>?
            let count = unsafe Int(tidings_address_octets(address, &octets))
            let judged = unsafe NetworkAddress(octets: Array(UnsafeBufferPointer(start: octets, count: count)))
            guard let judged, isPublic(judged) else {
                // libcurl may try another address of the host.
                refusedAddress = judged?.description ?? "of an unknown family"
                return curl_socket_t(CURL_SOCKET_BAD)
            }
        }
        let type = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return unsafe socket(address.pointee.family, type, address.pointee.protocol)
    }
}

// The callbacks. `context` is the collector, which the handle owns.

let takeBody: curl_write_callback = { bytes, size, count, context in
    guard let context = unsafe context else { return 0 }
    let collector = unsafe Unmanaged<ResponseCollector>.fromOpaque(context).takeUnretainedValue()
    let length = size * count
    // "If that amount differs from the amount passed to your callback function, it signals an error condition to the
    // library" (CURLOPT_WRITEFUNCTION(3)). `length + 1` differs even for an empty body, for which `length` is 0.
    return unsafe collector.takeBody(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : length + 1
}

let takeHeader: curl_write_callback = { bytes, size, count, context in
    guard let context = unsafe context else { return 0 }
    let collector = unsafe Unmanaged<ResponseCollector>.fromOpaque(context).takeUnretainedValue()
    let length = size * count
    return unsafe collector.takeHeader(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : length + 1
}

let openSocket: curl_opensocket_callback = { context, _, address in
    guard let context = unsafe context, let address = unsafe address else { return curl_socket_t(CURL_SOCKET_BAD) }
    let collector = unsafe Unmanaged<ResponseCollector>.fromOpaque(context).takeUnretainedValue()
    return unsafe collector.openSocket(address)
}
