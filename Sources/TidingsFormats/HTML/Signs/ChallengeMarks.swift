import TidingsCore

/// What the source of a page has in it that first checks for a browser, or for a human: in a feed's place as in an article's.
enum ChallengeMarks {
    /// - Parameter head: the first bytes of a page, in lowercase.
    static func areIn(_ head: [UInt8]) -> Bool { all.contains { contains(head, $0) } }

    private static let all: [StaticString] = [
        "cf-browser-verification", "challenge-platform", "cf-chl", "just a moment...", "attention required! | cloudflare",
        "captcha", "ddos protection", "checking your browser", "are you a robot", "verify you are human",
    ]
}
