import Testing
import TidingsCore

@Test("an answer's status fails a poll by name, or does not fail it", arguments: [
    (200, nil), (203, nil), (304, nil), (204, .empty), (205, .empty), (206, .httpStatus), (226, nil),
    (300, .httpStatus), (301, .httpStatus), (400, .httpStatus), (401, .unauthorized), (402, .httpStatus),
    (403, .unauthorized), (404, .notFound), (407, .proxy), (410, .gone), (429, .throttled), (451, .httpStatus),
    (500, .serverError), (503, .throttled), (599, .serverError), (600, .httpStatus), (0, .httpStatus),
] as [(Int, FeedFailure?)])
func failsByStatus(status: Int, failure: FeedFailure?) {
    #expect(FeedFailure.forStatus(status) == failure)
}

@Test func namesOfFailuresStay() {
    #expect(FeedFailure.allCases.map(\.rawValue) == [
        "bad_url", "bad_header", "headers_file", "dns", "unreachable", "proxy", "timeout", "no_worker", "tls", "forbidden_scheme",
        "forbidden_address", "downgrade", "redirect_loop", "too_large", "header_too_large", "truncated", "content_coding",
        "protocol", "unauthorized",
        "not_found", "gone", "throttled", "unasked_not_modified", "server_error", "http_status", "empty", "challenge_page",
        "login_page", "html", "not_a_feed", "malformed", "bridge_error", "quarantined",
    ])
}
