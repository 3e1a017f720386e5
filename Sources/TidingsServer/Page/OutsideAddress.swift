import TidingsCore

/// An address that came from outside, as it may be shown: without user and password, and a feed's without what looks like a key to it.
struct OutsideAddress: Equatable, Sendable {
    /// What people read.
    let text: String
    /// Where the link leads; nil if there is to be none: it is no address of the web, or something was left out of it.
    let href: String?

    /// More of an address is not shown.
    private static let shownCharacters = 200

    /// An article's own address, as its publisher gave it.
    static func article(_ url: String) -> OutsideAddress { OutsideAddress(url, hidesKeys: false) }

    /// The address of a source: it may be known to its subscriber alone.
    static func source(_ url: String) -> OutsideAddress { OutsideAddress(url, hidesKeys: true) }

    private init(_ url: String, hidesKeys: Bool) {
        var uri = URI(url)
        var isWhole = true
        if uri.userInfo != nil, let host = uri.hostAndPort {
            uri.authority = host[...]
            isWhole = false
        }
        if hidesKeys, let query = uri.query {
            let shown = query.split(separator: "&", omittingEmptySubsequences: false).map(Self.withoutKey).joined(separator: "&")
            if shown != query { isWhole = false }
            uri.query = shown[...]
        }
        let isOfWeb = uri.webScheme != nil && uri.host != nil
        let whole = uri.text
        text = whole.count > Self.shownCharacters ? whole.prefix(Self.shownCharacters) + "…" : whole
        href = isOfWeb && isWhole ? url : nil
    }

    /// Names of parameters that hold keys.
    private static let keyNames = ["token", "key", "auth", "secret", "sig", "pass", "pwd", "session", "sid", "user", "hash", "code"]
    /// A value of so many letters and digits was made by a machine.
    private static let keyCharacters = 20

    private static func withoutKey(_ parameter: Substring) -> String {
        guard let equals = parameter.firstIndex(of: "=") else {
            return looksLikeKey(parameter) ? "…" : String(parameter)
        }
        let name = parameter[..<equals].lowercased()
        let value = parameter[parameter.index(after: equals)...]
        guard !value.isEmpty, keyNames.contains(where: name.contains) || looksLikeKey(value) else { return String(parameter) }
        return parameter[...equals] + "…"
    }

    private static func looksLikeKey(_ value: Substring) -> Bool {
        value.utf8.count >= keyCharacters && value.utf8.contains(where: \.isASCIIDigit) && value.utf8.contains(where: \.isASCIILetter)
    }
}

/// `text` without the address or the path of a source, which is known to its subscriber alone: messages name it.
/// - Parameters:
///   - locator: of the source, as configured.
///   - shown: what stands in its place.
func hiding(_ locator: String, as shown: String, in text: String) -> String {
    locator.utf8.count > 1 ? text.replacing(locator, with: shown) : text
}
