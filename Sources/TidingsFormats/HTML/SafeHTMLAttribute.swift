import CMarkup
import TidingsCore

/// An attribute that is kept in safe HTML, and what its value must be.
struct SafeHTMLAttribute: Sendable {
    enum Kind { case text, flag, address, image, candidates }

    let name: StaticString
    let kind: Kind

    private init(_ name: StaticString, _ kind: Kind = .text) {
        self.name = name
        self.kind = kind
    }

    /// The attributes that an element may have; nil if the element itself is not kept.
    static func attributes(of tag: HTMLNodes.Tag) -> [SafeHTMLAttribute]? {
        switch tag {
        case TIDINGS_HTML_A: link
        case TIDINGS_HTML_IMG: image
        case TIDINGS_HTML_AUDIO: audio
        case TIDINGS_HTML_VIDEO: video
        case TIDINGS_HTML_SOURCE: source
        case TIDINGS_HTML_TRACK: track
        case TIDINGS_HTML_BLOCKQUOTE, TIDINGS_HTML_Q: quotation
        case TIDINGS_HTML_DEL, TIDINGS_HTML_INS: edit
        case TIDINGS_HTML_TIME: time
        case TIDINGS_HTML_DATA: data
        case TIDINGS_HTML_DETAILS: details
        case TIDINGS_HTML_OL: orderedList
        case TIDINGS_HTML_LI: listItem
        case TIDINGS_HTML_TD, TIDINGS_HTML_TH: cell
        case TIDINGS_HTML_COL, TIDINGS_HTML_COLGROUP: column
        case TIDINGS_HTML_ABBR, TIDINGS_HTML_ACRONYM, TIDINGS_HTML_ADDRESS, TIDINGS_HTML_ARTICLE, TIDINGS_HTML_ASIDE,
            TIDINGS_HTML_B, TIDINGS_HTML_BDI, TIDINGS_HTML_BDO, TIDINGS_HTML_BIG, TIDINGS_HTML_BR, TIDINGS_HTML_CAPTION,
            TIDINGS_HTML_CENTER, TIDINGS_HTML_CITE, TIDINGS_HTML_CODE, TIDINGS_HTML_DD, TIDINGS_HTML_DFN, TIDINGS_HTML_DIV,
            TIDINGS_HTML_DL, TIDINGS_HTML_DT, TIDINGS_HTML_EM, TIDINGS_HTML_FIGCAPTION, TIDINGS_HTML_FIGURE,
            TIDINGS_HTML_FOOTER, TIDINGS_HTML_H1, TIDINGS_HTML_H2, TIDINGS_HTML_H3, TIDINGS_HTML_H4, TIDINGS_HTML_H5,
            TIDINGS_HTML_H6, TIDINGS_HTML_HEADER, TIDINGS_HTML_HGROUP, TIDINGS_HTML_HR, TIDINGS_HTML_I, TIDINGS_HTML_KBD,
            TIDINGS_HTML_MAIN, TIDINGS_HTML_MARK, TIDINGS_HTML_MENU, TIDINGS_HTML_NAV, TIDINGS_HTML_P, TIDINGS_HTML_PICTURE,
            TIDINGS_HTML_PRE, TIDINGS_HTML_RP, TIDINGS_HTML_RT, TIDINGS_HTML_RUBY, TIDINGS_HTML_S, TIDINGS_HTML_SAMP,
            TIDINGS_HTML_SECTION, TIDINGS_HTML_SMALL, TIDINGS_HTML_SPAN, TIDINGS_HTML_STRIKE, TIDINGS_HTML_STRONG,
            TIDINGS_HTML_SUB, TIDINGS_HTML_SUMMARY, TIDINGS_HTML_SUP, TIDINGS_HTML_TABLE, TIDINGS_HTML_TBODY,
            TIDINGS_HTML_TFOOT, TIDINGS_HTML_THEAD, TIDINGS_HTML_TR, TIDINGS_HTML_TT, TIDINGS_HTML_U, TIDINGS_HTML_UL,
            TIDINGS_HTML_VAR, TIDINGS_HTML_WBR:
            common
        default: nil
        }
    }

    private typealias List = [SafeHTMLAttribute]
    private static let common = [Self("title"), Self("lang"), Self("dir")]
    private static let link: List = [Self("href", .address), Self("hreflang"), Self("type")] + common
    private static let size = [Self("width"), Self("height")]
    private static let image: List =
        [Self("src", .image), Self("srcset", .candidates), Self("sizes"), Self("alt")] + size + common
    // Not `autoplay`: a fragment must not start anything by itself.
    private static let audio: List = [Self("src", .address), Self("controls", .flag), Self("loop", .flag)] + common
    private static let video: List = audio + [Self("poster", .address), Self("muted", .flag)] + size
    private static let source: List =
        [Self("src", .address), Self("srcset", .candidates), Self("sizes"), Self("media"), Self("type")] + size
    private static let track: List =
        [Self("src", .address), Self("kind"), Self("srclang"), Self("label"), Self("default", .flag)]
    private static let quotation: List = [Self("cite", .address)] + common
    private static let edit: List = [Self("cite", .address), Self("datetime")] + common
    private static let time: List = [Self("datetime")] + common
    private static let data: List = [Self("value")] + common
    private static let details: List = [Self("open", .flag)] + common
    private static let orderedList: List = [Self("start"), Self("reversed", .flag), Self("type")] + common
    private static let listItem: List = [Self("value")] + common
    private static let cell: List = [Self("colspan"), Self("rowspan"), Self("scope"), Self("abbr")] + common
    private static let column: List = [Self("span")] + common

    /// The part of a value that is kept; nil if the attribute is dropped.
    func safeValue(_ value: String, base: String?) -> String? {
        switch kind {
        case .text: value
        case .flag: ""
        case .address: Self.address(value, base: base)
        case .image: Self.isSafeImageData(value) ? value : Self.address(value, base: base)
        case .candidates: Self.candidates(value, base: base)
        }
    }

    /// The schemes that a page may hand to another program of the user (WHATWG HTML §8.3.1, "safelisted scheme"), and
    /// the web's.
    private static let schemes: Set<String> = [
        "http", "https", "bitcoin", "ftp", "ftps", "geo", "im", "irc", "ircs", "magnet", "mailto", "matrix", "mms", "news",
        "nntp", "openpgp4fpr", "sftp", "sip", "sms", "smsto", "ssh", "tel", "urn", "webcal", "wtai", "xmpp",
    ]

    /// The resolved address; nil if the text before its colon is another scheme, or none at all: `java&#1;script:`.
    private static func address(_ value: String, base: String?) -> String? {
        // Browsers drop control characters at both ends of an address (WHATWG URL §4.4).
        let trimmed = String(decoding: trimmedControls(Array(value.utf8)), as: UTF8.self)
        guard !trimmed.isEmpty else { return nil }
        let resolved = URI.resolve(trimmed, against: base)
        let head = resolved.utf8.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let colon = head.firstIndex(of: UInt8(ascii: ":")) else { return resolved }
        return schemes.contains(String(resolved[..<colon]).lowercased()) ? resolved : nil
    }

    private static func trimmedControls(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 }) else {
            return []
        }
        return bytes[first...last]
    }

    /// Whether `value` is a picture inside the text itself, in a format of pixels only. SVG may contain scripts, which
    /// a browser runs when the picture is opened by itself.
    private static func isSafeImageData(_ value: String) -> Bool {
        let start = value.utf8.prefix(24).map(\.asciiLowercased)
        return ["png", "jpeg", "jpg", "gif", "webp", "avif"].contains { format in
            start.starts(with: "data:image/\(format);".utf8) || start.starts(with: "data:image/\(format),".utf8)
        }
    }

    /// `srcset` with each address resolved (WHATWG HTML §2.4.3, "parse a srcset attribute"); nil if none is left.
    private static func candidates(_ value: String, base: String?) -> String? {
        let bytes = Array(value.utf8)
        let comma = UInt8(ascii: ",")
        var kept: [String] = []
        var index = 0
        while true {
            while index < bytes.count, bytes[index] <= 0x20 || bytes[index] == comma { index += 1 }
            guard index < bytes.count else { break }
            let start = index
            while index < bytes.count, bytes[index] > 0x20 { index += 1 }
            var reference = bytes[start..<index]
            var descriptor: ArraySlice<UInt8> = []
            if reference.last == comma {
                while reference.last == comma { reference.removeLast() }
            } else {
                let end = bytes[index...].firstIndex(of: comma) ?? bytes.count
                descriptor = trimmedControls(Array(bytes[index..<end]))
                index = end
            }
            guard let address = address(String(decoding: reference, as: UTF8.self), base: base) else { continue }
            kept.append(descriptor.isEmpty ? address : address + " " + String(decoding: descriptor, as: UTF8.self))
        }
        return kept.isEmpty ? nil : kept.joined(separator: ", ")
    }
}
