/// The kind of a page that came where a feed was expected. Each kind needs another action of the operator.
package enum PageKind: Equatable, Sendable {
    /// It first checks for a browser, or for a human.
    case challenge
    case login
    case other

    package init(ofPage bytes: [UInt8]) {
        let page = String(decoding: bytes.prefix(sniffedBytes), as: UTF8.self).lowercased()
        if Self.challengeMarks.contains(where: page.contains) {
            self = .challenge
        } else {
            self = Self.loginMarks.contains(where: page.contains) ? .login : .other
        }
    }

    /// A message for people.
    package var message: String {
        switch self {
        case .challenge: "challenge page"
        case .login: "login page"
        case .other: "html instead of a feed"
        }
    }

    private static let challengeMarks = [
        "cf-browser-verification", "challenge-platform", "cf-chl", "just a moment...", "attention required! | cloudflare",
        "captcha", "ddos protection", "checking your browser", "are you a robot", "verify you are human",
    ]
    private static let loginMarks = ["type=\"password\"", "type='password'", "type=password"]
}
