import HTTPTypes
import Hummingbird

/// Which form of an answer a client wants (RFC 9110 §12.5.1).
enum AcceptedType {
    /// The one of `types` that the client likes best; the first of those that it likes as well, or if it likes none.
    static func best(of types: [String], for request: Request) -> String {
        let ranges = request.headers[values: .accept].flatMap { $0.split(separator: ",") }.map(Range.init)
        if ranges.isEmpty { return types[0] }
        let ranked = types.map { type in (type: type, quality: quality(of: type, ranges)) }
        let best = ranked.reduce(ranked[0]) { $1.quality > $0.quality ? $1 : $0 }
        return best.quality > 0 ? best.type : types[0]
    }

    private struct Range {
        let type: Substring
        let quality: Double

        init(_ field: Substring) {
            let parts = field.split(separator: ";").map { $0.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" } }
            type = parts.first.map { Substring($0.lowercased()) } ?? ""
            quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
    }

    /// "The most specific reference has precedence".
    private static func quality(of type: String, _ ranges: [Range]) -> Double {
        let kind = type.prefix { $0 != "/" } + "/*"
        for wanted in [Substring(type), kind, "*/*"] {
            if let range = ranges.first(where: { $0.type == wanted }) { return range.quality }
        }
        return 0
    }
}
