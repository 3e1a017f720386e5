import TidingsCore
import TidingsFetch

/// What a receiver's answer means for the changes that it was sent.
enum WebhookAnswer: Equatable {
    /// It has them.
    case taken
    /// It wants no more, ever (410, RFC 9110 §15.5.11).
    case gone
    /// It wants them in smaller pieces (413, RFC 9110 §15.5.14).
    case tooLarge
    /// It does not have them. They are sent again.
    case refused(askedMilliseconds: Int64?)

    /// - Parameter now: milliseconds since 1970.
    init(status: Int, retryAfter: String?, now: Int64) {
        switch status {
        case 200...299: self = .taken
        case 410: self = .gone
        case 413: self = .tooLarge
        default: self = .refused(askedMilliseconds: retryAfter.flatMap { SinkBackOff.asked(by: $0, now: now) })
        }
    }

    /// For people: why the answer is no 2xx, and what to do.
    static func message(status: Int) -> String {
        let meaning =
            switch status {
            case 300...399: "a redirect, which is not followed with changes; write the address that it leads to"
            case 401, 403: "the receiver does not let us in; check secret_file and the address"
            case 404, 405: "there is no receiver at that address; check url"
            case 410: "the receiver wants no more changes; remove the sink, or run `tidings reload` to ask again"
            case 413: "one change alone is too large for the receiver; raise its limit"
            case 429: "too many requests"
            case 500...599: "the receiver failed"
            default: "the receiver refused"
            }
        return "HTTP \(status): \(meaning)"
    }
}
