import CCurl
import Glibc

// The only user of libcurl beside the fetcher: the limit must not be measured through what it is to measure.

/// The limit of polling: libcurl's multi interface with as many transfers at a time, and nothing done with what comes.
/// - Returns: requests a second.
func barePolls(_ addresses: [String], concurrency: Int) throws -> Double {
    guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK, let multi = unsafe curl_multi_init() else {
        throw BenchError("libcurl does not start")
    }
    defer { unsafe curl_multi_cleanup(multi) }
    unsafe tidings_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, concurrency)
    let fields = unsafe curl_slist_append(nil, "If-None-Match: \"v1\"")
    defer { unsafe curl_slist_free_all(fields) }
    var rest = addresses[...]
    var notModified = 0
    let elapsed = try seconds {
        for _ in 0..<min(concurrency, addresses.count) {
            guard let easy = unsafe curl_easy_init() else { throw BenchError("libcurl has no handle left") }
            unsafe tidings_setopt_pointer(easy, CURLOPT_HTTPHEADER, fields)
            unsafe tidings_setopt_long(easy, CURLOPT_NOSIGNAL, 1)
            unsafe tidings_setopt_write(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
            unsafe tidings_setopt_string(easy, CURLOPT_URL, rest.removeFirst())
            unsafe curl_multi_add_handle(multi, easy)
        }
        var running: Int32 = 1
        while running > 0 {
            guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { throw BenchError("libcurl does not go on") }
            var left: Int32 = 0
            while let message = unsafe curl_multi_info_read(multi, &left) {
                guard let easy = unsafe message.pointee.easy_handle else { continue }
                var status = 0
                unsafe tidings_getinfo_long(easy, CURLINFO_RESPONSE_CODE, &status)
                notModified += status == 304 ? 1 : 0
                unsafe curl_multi_remove_handle(multi, easy)
                if let next = rest.popFirst() {
                    unsafe tidings_setopt_string(easy, CURLOPT_URL, next)
                    unsafe curl_multi_add_handle(multi, easy)
                    running += 1
                } else {
                    unsafe curl_easy_cleanup(easy)
                }
            }
            if running > 0 { unsafe curl_multi_poll(multi, nil, 0, 1_000, nil) }
        }
    }
    guard notModified == addresses.count else { throw BenchError("\(notModified) of \(addresses.count) answered 304") }
    return Double(addresses.count) / elapsed
}
