import TidingsCore

/// The kind of a page that came where a feed was expected. Each kind needs another action of the operator.
package enum PageKind: Equatable, Sendable {
    /// It first checks for a browser, or for a human.
    case challenge
    case login
    case other

    package init(ofPage bytes: [UInt8]) {
        let page = bytes.prefix(sniffedBytes).map(\.asciiLowercased)
        if ChallengeMarks.areIn(page) {
            self = .challenge
        } else {
            self = Self.loginMarks.contains { contains(page, $0) } ? .login : .other
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

    private static let loginMarks: [StaticString] = ["type=\"password\"", "type='password'", "type=password"]
}
