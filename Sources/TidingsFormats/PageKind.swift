/// What a page is that came where a feed was expected: each kind asks for something else from the operator.
package enum PageKind: Equatable, Sendable {
    /// Wants to see a browser, or a human, first.
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

    /// For people.
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
