import CCurl
import Glibc

/// libcurl's multi handle: the transfers that run at the same time, and the connections that they share.
///
/// It is Sendable, because other threads only call `wakeUp`, and curl_multi_wakeup(3) says: "This function can be called
/// from any thread." Only the transfer thread calls the rest. The last reference frees the handle.
@safe final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    init(limits: FetcherLimits) {
        _ = Self.libraryIsReady
        guard let handle = unsafe curl_multi_init() else { preconditionFailure("curl_multi_init: out of memory") }
        unsafe pointer = unsafe handle
        // The queue keeps this limit too, but does not count idle connections.
        unsafe tidings_multi_setopt_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, limits.fetchesPerHost)
        unsafe tidings_multi_setopt_long(
            pointer, CURLMOPT_MAXCONNECTS, max(limits.concurrentFetches, Self.idleConnections))
    }

    deinit { unsafe curl_multi_cleanup(pointer) }

    func add(_ easy: EasyHandle) -> CURLMcode { unsafe curl_multi_add_handle(pointer, easy.pointer) }

    func remove(_ easy: EasyHandle) { unsafe curl_multi_remove_handle(pointer, easy.pointer) }

    /// Advances each transfer as far as possible without waiting.
    func perform() {
        var running: Int32 = 0
        let code = unsafe curl_multi_perform(pointer, &running)
        precondition(code == CURLM_OK, "curl_multi_perform failed")
    }

    /// The next transfer that has ended; nil if there is none. Each is returned once.
    func nextEnded() -> (easy: EasyHandle.ID, code: CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(pointer, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle
            else { continue }
            return unsafe (EasyHandle.ID(bitPattern: easy), message.pointee.data.result)
        }
        return nil
    }

    /// Waits until `time`, until data arrives, until a timer of libcurl is due, or until `wakeUp` is called. An earlier call
    /// of `wakeUp` ends the wait at once.
    func wait(until time: ContinuousClock.Instant?) {
        let milliseconds = time.map { max(0, (ContinuousClock.now.duration(to: $0) / .milliseconds(1)).rounded(.up)) }
        let wait = Int32(min(milliseconds ?? .infinity, Self.longestWaitMilliseconds))
        let code = unsafe curl_multi_poll(pointer, nil, 0, wait, nil)
        precondition(code == CURLM_OK, "curl_multi_poll failed")
    }

    /// Ends the `wait` of the transfer thread.
    func wakeUp() { unsafe curl_multi_wakeup(pointer) }

    /// How many idle connections are kept for the next fetch of their host. Feeds of one host are often due together. A host
    /// with one feed has closed the connection long before the next poll, so it is useless to keep one for each of thousands
    /// of hosts. By default a service may have 1024 descriptors.
    private static let idleConnections = 256
    private static let longestWaitMilliseconds = 3_600_000.0

    /// Initialises libcurl once per process, before any other call (curl_global_init(3)).
    private static let libraryIsReady: Void = {
        let code = curl_global_init(Int(CURL_GLOBAL_ALL))
        precondition(code == CURLE_OK, "curl_global_init failed")
    }()
}
