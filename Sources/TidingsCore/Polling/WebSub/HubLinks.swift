/// What a feed says of who tells of its news: the links `hub` and `self` (W3C WebSub §4).
package struct HubLinks: Equatable, Sendable {
    /// Absolute, http or https, in the order of the feed; at least one.
    package let hubs: [String]
    /// The address that the hub knows the feed by.
    package let topic: String

    private static let hubLimit = 4
    private static let urlLimitBytes = 2048

    /// Nil if there is no hub.
    /// - Parameters:
    ///   - header: of the header field `Link`, which counts before the document.
    ///   - document: of the document.
    ///   - asked: the address of the feed, which is its topic if it names none itself.
    package init?(header: (hubs: [String], topic: String?), document: (hubs: [String], topic: String?), asked: String) {
        let given = header.hubs.isEmpty ? document.hubs : header.hubs
        var hubs: [String] = []
        for hub in given where Self.isUsable(hub) && !hubs.contains(hub) && hubs.count < Self.hubLimit { hubs.append(hub) }
        guard !hubs.isEmpty else { return nil }
        self.hubs = hubs
        topic = [header.topic, document.topic].compactMap(\.self).first(where: Self.isUsable) ?? asked
    }

    private static func isUsable(_ url: String) -> Bool {
        let uri = URI(url)
        return uri.webScheme != nil && uri.userInfo == nil && url.utf8.count <= urlLimitBytes
    }
}
