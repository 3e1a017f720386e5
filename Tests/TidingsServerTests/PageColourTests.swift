import Testing

@testable import TidingsServer

/// Computed from the stylesheet as it is served (WCAG 2.2, "relative luminance", "contrast ratio").
@Suite("Colours of the page")
struct PageColourTests {
    private let style = String(decoding: PageAsset.style.bytes, as: UTF8.self)

    /// What stands on what. Text needs 4.5 (WCAG 1.4.3, AA); what is seen without being read needs 3 (1.4.11).
    private static let pairs: [(front: String, back: String, least: Double)] = [
        ("text", "ground", 4.5), ("text", "sheet", 4.5), ("text", "quiet-ground", 4.5), ("soft", "ground", 4.5), ("soft", "sheet", 4.5),
        ("accent", "ground", 4.5), ("accent", "sheet", 4.5), ("accent", "quiet-ground", 4.5), ("on-accent", "accent", 4.5), ("good", "good-ground", 4.5),
        ("noted", "noted-ground", 4.5), ("accent", "noted-ground", 4.5), ("bad", "bad-ground", 4.5), ("quiet", "quiet-ground", 4.5),
        ("mark", "mark-ground", 4.5), ("text", "mark-ground", 4.5), ("edge", "sheet", 3), ("edge", "ground", 3), ("good", "ground", 3), ("bad", "ground", 3),
        ("bar-created", "bar-ground", 3), ("bar-updated", "bar-ground", 3), ("bar-removed", "bar-ground", 3), ("bar-other", "bar-ground", 3),
        ("bar-created", "ground", 3), ("bar-updated", "ground", 3), ("bar-removed", "ground", 3),
    ]

    @Test("text and signs have the contrast of WCAG AA, by day and by night")
    func contrast() throws {
        let parts = style.split(separator: "@media (prefers-color-scheme: dark)", maxSplits: 1)
        try #require(parts.count == 2)
        for block in parts {
            let colours = try Self.colours(in: block.prefix { $0 != "}" })
            for (front, back, least) in Self.pairs {
                let ratio = Self.contrast(try #require(colours[front]), try #require(colours[back]))
                #expect(ratio >= least, "\(front) on \(back): \((ratio * 100).rounded() / 100)")
            }
        }
    }

    @Test("no colour stands outside the two lists")
    func onlyNamed() throws {
        let rest = try #require(style.split(separator: "*, ::before, ::after { box-sizing", maxSplits: 1).last)
        #expect(!rest.contains("#"))
        #expect(!rest.contains("rgb"))
    }

    private static func colours(in block: Substring) throws -> [String: [Double]] {
        var colours: [String: [Double]] = [:]
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let name = parts.first?.drop(while: { $0 == " " }), name.hasPrefix("--"), let digits = parts.last?.split(separator: "#").last?.prefix(6)
            else { continue }
            let value = try #require(Int(digits, radix: 16))
            colours[String(name.dropFirst(2))] = [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
        }
        return colours
    }

    private static func contrast(_ one: [Double], _ other: [Double]) -> Double {
        let (low, high) = (min(luminance(one), luminance(other)), max(luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)
    }

    private static func luminance(_ colour: [Double]) -> Double {
        let linear = colour.map { $0 <= 0.04045 ? $0 / 12.92 : power(($0 + 0.055) / 1.055) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// `base` to the power of 2.4: its square, and the fifth root of its square.
    private static func power(_ base: Double) -> Double {
        let square = base * base
        var root = 0.5
        for _ in 0..<60 { root -= (root * root * root * root * root - square) / (5 * root * root * root * root) }
        return square * root
    }
}
