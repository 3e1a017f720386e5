import CCurl
import Glibc

/// libcurl's multi handle: the transfers that run together, and the connections they share.
///
/// Sendable, because other threads only ever call `wakeUp`; everything else belongs to the transfer thread, and the
/// handle is freed when the last of both has let go of it. curl_multi_wakeup(3): "This function can be called from
/// any thread."
@safe final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    init(limits: FetcherLimits) {
        _ = Self.libraryIsReady
        guard let handle = unsafe curl_multi_init() else { preconditionFailure("curl_multi_init: out of memory") }
        unsafe pointer = unsafe handle
        // The queue keeps within this too, but for connections that are idle.
        unsafe tidings_multi_setopt_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, limits.fetchesPerHost)
        unsafe tidings_multi_setopt_long(
            pointer, CURLMOPT_MAXCONNECTS, max(limits.concurrentFetches, Self.idleConnections))
    }

    deinit { unsafe curl_multi_cleanup(pointer) }

    func add(_ easy: EasyHandle) -> CURLMcode { unsafe curl_multi_add_handle(pointer, easy.pointer) }

    func remove(_ easy: EasyHandle) { unsafe curl_multi_remove_handle(pointer, easy.pointer) }

    /// Moves each transfer on as far as it goes without waiting.
    func perform() {
        var running: Int32 = 0
        let code = unsafe curl_multi_perform(pointer, &running)
        precondition(code == CURLM_OK, "curl_multi_perform failed")
    }

    /// A transfer that has ended; nil when all have been told.
    func nextEnded() -> (easy: EasyHandle.ID, code: CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(pointer, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle
            else { continue }
            return unsafe (EasyHandle.ID(bitPattern: easy), message.pointee.data.result)
        }
        return nil
    }

    /// Sleeps until `time`, or something arrives, a timer of libcurl's is due, or `wakeUp` is called, even if that was
    /// before.
    func wait(until time: ContinuousClock.Instant?) {
        let milliseconds = time.map { max(0, (ContinuousClock.now.duration(to: $0) / .milliseconds(1)).rounded(.up)) }
        let wait = Int32(min(milliseconds ?? .infinity, Self.longestWaitMilliseconds))
        let code = unsafe curl_multi_poll(pointer, nil, 0, wait, nil)
        precondition(code == CURLM_OK, "curl_multi_poll failed")
    }

    /// Ends the `wait` of the transfer thread.
    func wakeUp() { unsafe curl_multi_wakeup(pointer) }

    /// So many connections are kept for the next fetch of the same host. Feeds of one host are often due together; a
    /// host with one feed has long hung up when that is due again, so there is no use in a connection for each of
    /// thousands. A service has 1024 descriptors, unless it is given more.
    private static let idleConnections = 256
    private static let longestWaitMilliseconds = 3_600_000.0

    /// Once for the process, before anything else of libcurl (curl_global_init(3)).
    private static let libraryIsReady: Void = {
        let code = curl_global_init(Int(CURL_GLOBAL_ALL))
        precondition(code == CURLE_OK, "curl_global_init failed")
    }()
}
