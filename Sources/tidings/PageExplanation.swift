import TidingsCore
import TidingsDaemon
import TidingsFormats

/// How the text of a page was chosen, block by block.
struct PageExplanation {
    let file: String
    let page: ExplainedPage

    /// For people: one line for each block, with what counted most for and against it.
    func show() {
        let kept = page.blocks.count { $0.isKept }
        let kind = page.kind.map { ", \($0.kind.rawValue) (\(two($0.score)))" } ?? ""
        standardOutput.line(
            Style.bold("\(printable(file)): \(kept) of \(counted(page.blocks.count, "block")) kept, from \(two(page.threshold)) on\(kind)"))
        for block in page.blocks {
            let words = "\(padded(two(block.score), to: 5, onLeft: true))  \(padded(fitted(printable(block.text), to: Self.textWidth), to: Self.textWidth))"
            let line = (block.isKept ? "kept " : "     ") + words
            let reasons = Style.dim(block.reasons.prefix(Self.reasons).map { "\($0.amount < 0 ? "-" : "+") \($0.name)" }.joined(separator: "  "))
            standardOutput.line((block.isKept ? line : Style.dim(line)) + "  " + reasons)
        }
    }

    private static let textWidth = 48
    private static let reasons = 3

    private func two(_ value: Float) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    /// One JSON object with all features of all blocks: also what the model is trained from.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 1 << 18)
        json.object { json in
            json.field("file", file)
            json.field("page_kind", page.kind?.kind.rawValue)
            json.field("threshold", json: Array("\(page.threshold)".utf8))
            json.array("page_feature_names", ExplainedPage.pageFeatureNames) { json, name in json.string(name) }
            json.field("page_features", json: list(page.features))
            json.array("feature_names", ExplainedPage.featureNames) { json, name in json.string(name) }
            if page.blocks.isEmpty { json.field("blocks", json: Array("[]".utf8)) }
            json.array("blocks", page.blocks) { json, block in
                json.object { json in
                    json.field("text", block.text)
                    json.field("is_kept", block.isKept)
                    json.field("score", json: Array("\(block.score)".utf8))
                    json.field("features", json: list(block.features))
                }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func list(_ values: [Float]) -> [UInt8] {
        let numbers = values.map { $0 == $0.rounded() && abs($0) < 1e9 ? String(Int($0)) : String($0) }
        return Array("[\(numbers.joined(separator: ","))]".utf8)
    }
}
