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
        // The queue keeps within these too, but for connections that are idle.
        unsafe tidings_multi_setopt_long(pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, limits.concurrentFetches)
        unsafe tidings_multi_setopt_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, limits.fetchesPerHost)
        // "By default libcurl enlarges the size for each added easy handle to make it fit 4 times the number of added
        // easy handles" (CURLMOPT_MAXCONNECTS(3)); idle connections are not worth more than this.
        unsafe tidings_multi_setopt_long(pointer, CURLMOPT_MAXCONNECTS, limits.concurrentFetches)
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

    /// Sleeps until something arrives, a timer of libcurl's is due, or `wakeUp` is called, even if that was before.
    func wait() {
        let code = unsafe curl_multi_poll(pointer, nil, 0, Self.longestWaitMilliseconds, nil)
        precondition(code == CURLM_OK, "curl_multi_poll failed")
    }

    /// Ends the `wait` of the transfer thread.
    func wakeUp() { unsafe curl_multi_wakeup(pointer) }

    private static let longestWaitMilliseconds: Int32 = 3_600_000

    /// Once for the process, before anything else of libcurl (curl_global_init(3)).
    private static let libraryIsReady: Void = {
        let code = curl_global_init(Int(CURL_GLOBAL_ALL))
        precondition(code == CURLE_OK, "curl_global_init failed")
    }()
}
