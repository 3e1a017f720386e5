import Glibc
import TidingsCore

/// One measured figure.
struct Figure {
    /// What has to hold of the value, where the design sets a target.
    enum Target {
        case atLeast(Double), atMost(Double)

        func isMet(by value: Double) -> Bool {
            switch self {
            case .atLeast(let limit): value >= limit
            case .atMost(let limit): value <= limit
            }
        }

        var message: String {
            switch self {
            case .atLeast(let limit): "≥ \(decimal(limit))"
            case .atMost(let limit): "≤ \(decimal(limit))"
            }
        }
    }

    let name: String
    let value: Double
    /// "x" for ratios.
    let unit: String
    var target: Target?
    /// What the value was made of.
    var note = ""
}

/// Where results go: tables for people, and with `--json` JSON Lines on standard output and the tables on standard error.
struct BenchOutput {
    let isJSON: Bool

    /// A line of a table.
    func line(_ text: String) { put(text, on: isJSON ? STDERR_FILENO : STDOUT_FILENO) }

    /// What is being done, for those who wait.
    func progress(_ text: String) { put(text, on: STDERR_FILENO) }

    /// One object on a line; nothing without `--json`.
    func json(_ members: (inout JSONWriter) -> Void) {
        guard isJSON else { return }
        var json = JSONWriter()
        json.object(members)
        put(String(decoding: json.bytes, as: UTF8.self), on: STDOUT_FILENO)
    }

    func column(_ text: String, _ width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }

    private func put(_ line: String, on descriptor: Int32) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}

/// Shows figures beside their targets.
struct Report {
    let output: BenchOutput

    func begin() {
        output.line(
            output.column("figure", 44) + output.column("value", 12, right: true) + "  " + output.column("target", 8)
                + output.column("", 6) + "made of")
    }

    func show(_ benchmark: String, _ figures: [Figure]) {
        for figure in figures {
            let verdict = figure.target.map { $0.isMet(by: figure.value) ? "pass" : "FAIL" } ?? ""
            output.line(
                output.column("\(benchmark): \(figure.name)", 44)
                    + output.column("\(decimal(figure.value)) \(figure.unit)", 12, right: true)
                    + "  " + output.column(figure.target?.message ?? "", 8) + output.column(verdict, 6) + figure.note)
            output.json { json in
                json.field("benchmark", benchmark)
                json.field("figure", figure.name)
                json.field("value", json: Array(decimal(figure.value).utf8))
                json.field("unit", figure.unit)
                json.field("target", figure.target?.message)
                if let target = figure.target { json.field("met", target.isMet(by: figure.value)) }
                if !figure.note.isEmpty { json.field("note", figure.note) }
            }
        }
    }
}

/// With the digits that matter: 0.412, 3.14, 12345.
func decimal(_ value: Double) -> String {
    let digits = value.magnitude < 1 ? 1000.0 : value.magnitude < 100 ? 100.0 : 1.0
    let rounded = (value * digits).rounded() / digits
    return rounded == rounded.rounded() ? String(Int64(rounded)) : "\(rounded)"
}
