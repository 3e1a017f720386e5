import TidingsCore

/// The changes of the last 24 hours, by hour and by what they are.
struct DayChart: Equatable, Sendable {
    /// What types of changes a part of a bar stands for.
    enum Part: String, CaseIterable, Sendable {
        case created, updated, removed, other

        init(_ type: ChangeType) {
            switch type {
            case .articleCreated, .articleRestored: self = .created
            case .articleUpdated: self = .updated
            case .articleRemoved: self = .removed
            default: self = .other
            }
        }

        var name: StaticString {
            switch self {
            case .created: "created or restored"
            case .updated: "updated"
            case .removed: "removed"
            case .other: "other"
            }
        }
    }

    static let hours = 24

    /// The first hour, since 1970.
    let firstHour: Int64
    /// Each hour's counts by part, in the order of `Part.allCases`.
    let counts: [[Int]]
    /// Changes before this moment were not counted, because there are too many.
    let cutAtMilliseconds: Int64?

    /// - Parameters:
    ///   - counts: by hour since 1970.
    ///   - now: in milliseconds since 1970; its hour is the last.
    init(_ counts: [Int64: [ChangeType: Int]], cutAt: Int64? = nil, now: Int64) {
        let first = Self.firstHour(now: now)
        firstHour = first
        cutAtMilliseconds = cutAt
        self.counts = (0..<Self.hours).map { offset in
            var parts = [Int](repeating: 0, count: Part.allCases.count)
            for (type, count) in counts[first + Int64(offset)] ?? [:] {
                parts[Part.allCases.firstIndex(of: Part(type)) ?? 0] += count
            }
            return parts
        }
    }

    /// The hour of the oldest bar, since 1970.
    static func firstHour(now: Int64) -> Int64 { now / hourMilliseconds - Int64(hours - 1) }

    var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
    var highest: Int { counts.map { $0.reduce(0, +) }.max() ?? 0 }
    func total(of part: Part) -> Int { counts.reduce(0) { $0 + $1[Part.allCases.firstIndex(of: part) ?? 0] } }
    /// `10:00`
    func hour(_ offset: Int) -> String { "\(twoDigits(Int((firstHour + Int64(offset)) % 24))):00" }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension MarkupWriter {
    private static let barWidth = 10
    private static let barGap = 2
    private static let chartHeight = 100

    mutating func chart(_ chart: DayChart) {
        element("figure", .class("chart")) { html in
            html.element("figcaption") { html in
                for part in DayChart.Part.allCases where chart.total(of: part) > 0 {
                    html.element("span", .class("key \(part.rawValue)")) { html in
                        html.text("\(chart.total(of: part)) \(part.name)")
                    }
                }
                html.element("span", .class("most"), text: "at most \(chart.highest) in an hour")
            }
            // Without text in it: it is stretched to the width there is.
            html.element(
                "svg", .named("viewBox", "0 0 \(DayChart.hours * (Self.barWidth + Self.barGap)) \(Self.chartHeight)"),
                .named("preserveAspectRatio", "none"), .named("role", "img"),
                .named("aria-label", "Changes by hour; the table below has the numbers")
            ) { html in
                for (offset, counts) in chart.counts.enumerated() { html.bar(chart, offset, counts) }
            }
            html.element("div", .class("hours"), .named("aria-hidden", "true")) { html in
                for offset in stride(from: 0, to: DayChart.hours, by: 6) { html.element("span", text: chart.hour(offset)) }
                html.element("span", text: "now")
            }
            html.element("details") { html in
                html.element("summary", text: "The numbers")
                html.table(chart)
            }
        }
    }

    private mutating func bar(_ chart: DayChart, _ offset: Int, _ counts: [Int]) {
        let highest = max(chart.highest, 1)
        var base = Self.chartHeight
        element("g") { html in
            let words = zip(DayChart.Part.allCases, counts).filter { $0.1 > 0 }.map { "\($1) \($0.name)" }
            html.element("title", text: "\(chart.hour(offset)): " + (words.isEmpty ? "no changes" : words.joined(separator: ", ")))
            // So that an hour without changes has its title as well.
            html.empty("rect", .class("hour"), .named("x", offset * (Self.barWidth + Self.barGap)), .named("y", 0),
                .named("width", Self.barWidth), .named("height", Self.chartHeight))
            for (part, count) in zip(DayChart.Part.allCases, counts) where count > 0 {
                // The least count is still seen.
                let height = min(base, max(2, count * Self.chartHeight / highest))
                base -= height
                html.empty("rect", .class(part.rawValue), .named("x", offset * (Self.barWidth + Self.barGap)), .named("y", base),
                    .named("width", Self.barWidth), .named("height", height))
            }
        }
    }

    private mutating func table(_ chart: DayChart) {
        element("table") { html in
            html.element("thead") { html in
                html.element("tr") { html in
                    html.element("th", .named("scope", "col"), text: "Hour (UTC)")
                    for part in DayChart.Part.allCases { html.element("th", .named("scope", "col"), text: part.rawValue) }
                }
            }
            html.element("tbody") { html in
                for (offset, counts) in chart.counts.enumerated().reversed() where counts.contains(where: { $0 > 0 }) {
                    html.element("tr") { html in
                        html.element("th", .named("scope", "row"), text: chart.hour(offset))
                        for count in counts { html.element("td", text: String(count)) }
                    }
                }
            }
        }
    }
}
