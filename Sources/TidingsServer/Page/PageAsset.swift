import TidingsCore

/// A file that the page needs. It is a real file in the tree, and within the program.
struct PageAsset: Sendable {
    let bytes: [UInt8]
    let mediaType: String
    /// The path without its query.
    let place: String
    /// Of the bytes.
    let hash: String
    /// With a part of the hash, so that it may be kept for ever.
    let path: PagePath

    static let style = PageAsset(PackageResources.page_css, "text/css; charset=utf-8", at: "/assets/page.css")
    static let script = PageAsset(PackageResources.page_js, "text/javascript; charset=utf-8", at: "/assets/page.js")
    static let icon = PageAsset(PackageResources.icon_svg, "image/svg+xml", at: "/assets/icon.svg")
    static let all = [style, script, icon]

    private init(_ bytes: [UInt8], _ mediaType: String, at place: StaticString) {
        self.bytes = bytes
        self.mediaType = mediaType
        self.place = place.description
        hash = Self.hash(of: bytes)
        path = PagePath(place, [("v", String(hash.prefix(12)))])
    }

    /// Half of a SHA-256: enough to tell one document from another.
    static func hash(of bytes: [UInt8]) -> String {
        String(ContentHash.of(bytes).description.dropFirst("sha256:".count).prefix(32))
    }
}
