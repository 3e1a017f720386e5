import TidingsCore

/// Writes metrics as text, in one of two formats that monitors read:
/// OpenMetrics 1.0 (https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md), and the text format 0.0.4 of
/// Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/), which older programs know.
///
/// They differ in little. In OpenMetrics the name of a counter's family lacks `_total`, which its samples have; a family says its unit;
/// and an end mark shows that the answer is whole.
struct MetricsText: ~Copyable {
    enum Format: Sendable { case openMetrics, plain }

    enum Kind: String {
        case gauge, counter, histogram
        /// One series that is always 1, whose labels tell something.
        case info
        /// One series for each state, of which one is 1; the state's label has the name of the family.
        case stateSet = "stateset"
    }

    private let format: Format
    private var text = ""

    init(_ format: Format, capacity: Int = 16 << 10) {
        self.format = format
        text.reserveCapacity(capacity)
    }

    /// The whole answer.
    consuming func finished() -> String { format == .openMetrics ? text + "# EOF\n" : text }

    /// Begins a family. Its samples follow, before the next family begins.
    /// - Parameters:
    ///   - name: without `_total` and `_info`, which samples of counters and information have.
    ///   - unit: the last word of `name`, if that is a unit of Prometheus: `seconds` or `bytes`.
    ///   - help: one sentence for people.
    mutating func family(_ name: String, _ kind: Kind, unit: String? = nil, _ help: String) {
        let isPlain = format == .plain
        let shownName = isPlain ? name + suffix(of: kind) : name
        // The older format knows neither information nor states, and takes both for gauges.
        let shownKind = isPlain && (kind == .info || kind == .stateSet) ? .gauge : kind
        text += "# TYPE \(shownName) \(shownKind.rawValue)\n"
        if let unit, !isPlain { text += "# UNIT \(name) \(unit)\n" }
        // Of the escapes the older format knows those for backslash and line feed only, and help has no quotes that need one.
        text += "# HELP \(shownName) \(escaped(help))\n"
        current = (name, kind)
    }
    private var current = (name: "", kind: Kind.gauge)

    /// One sample of the family that was begun last.
    mutating func sample(_ value: Int64, _ labels: [(String, String)] = []) { series(suffix(of: current.kind), labels, "\(value)") }

    mutating func sample(_ value: Int, _ labels: [(String, String)] = []) { sample(Int64(value), labels) }

    mutating func sample(_ value: Double, _ labels: [(String, String)] = []) {
        series(suffix(of: current.kind), labels, "\(value)")
    }

    /// The samples of a histogram in seconds.
    mutating func sample(_ histogram: Histogram, _ labels: [(String, String)] = []) {
        var sum: Int64 = 0
        for (index, count) in histogram.counts.enumerated() {
            sum += count
            // "le" is a number of floating point, in one spelling for all programs: `1.0` (OpenMetrics, Considerations: Canonical Numbers).
            let bound =
                index < Histogram.boundsMicroseconds.count ? "\(Double(Histogram.boundsMicroseconds[index]) / 1_000_000)" : "+Inf"
            series("_bucket", labels + [("le", bound)], "\(sum)")
        }
        series("_count", labels, "\(sum)")
        series("_sum", labels, "\(Double(histogram.sumMicroseconds) / 1_000_000)")
    }

    private mutating func series(_ suffix: String, _ labels: [(String, String)], _ value: String) {
        text += current.name
        text += suffix
        if !labels.isEmpty {
            var separator = "{"
            for (name, value) in labels {
                text += "\(separator)\(name)=\"\(escaped(value))\""
                separator = ","
            }
            text += "}"
        }
        text += " \(value)\n"
    }

    private func suffix(of kind: Kind) -> String {
        switch kind {
        case .counter: "_total"
        case .info: "_info"
        case .gauge, .histogram, .stateSet: ""
        }
    }
}

/// A label's value: backslash, quote and line feed have an escape, all else is UTF-8 as it is.
private func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": result += #"\\"#
        case "\"": result += #"\""#
        case "\n": result += #"\n"#
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
