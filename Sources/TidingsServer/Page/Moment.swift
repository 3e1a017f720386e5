import TidingsCore

/// When the page is written: what "3 h ago" counts from. In milliseconds since 1970.
struct Moment: Equatable, Sendable {
    let now: Int64

    /// `3 h ago`, `in 12 m`, `now`.
    func relative(_ milliseconds: Int64) -> String {
        let seconds = abs(milliseconds - now) / 1000
        if seconds < 1 { return "now" }
        return milliseconds > now ? "in \(span(seconds))" : "\(span(seconds)) ago"
    }

    /// The largest unit that fits, rounded down: `90 s` is `1 m`.
    private func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) m"
        case ..<86_400: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    /// `2026-02-20 10:00 UTC`
    static func text(_ milliseconds: Int64) -> String {
        let text = rfc3339(milliseconds: milliseconds)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}

extension MarkupWriter {
    /// A moment as `2026-02-20 10:00 UTC · 3 h ago`.
    mutating func time(_ milliseconds: Int64, _ moment: Moment) {
        element("time", .named("datetime", rfc3339(milliseconds: milliseconds))) { html in
            html.element("span", text: Moment.text(milliseconds))
            html.element("span", .class("ago"), text: moment.relative(milliseconds))
        }
    }

    /// The same where there is little room: as `3 h ago`, the moment itself as its title.
    mutating func ago(_ milliseconds: Int64, _ moment: Moment) {
        element(
            "time", .named("datetime", rfc3339(milliseconds: milliseconds)), .named("title", Moment.text(milliseconds)),
            text: moment.relative(milliseconds))
    }

    /// When an item says it was published: a day, or a moment.
    mutating func date(_ date: ItemDate, _ moment: Moment) {
        if date.isDay {
            element("time", .named("datetime", date.description), text: date.description)
        } else {
            time(date.milliseconds, moment)
        }
    }
}

/// `1.5 MiB`
func sizeWords(_ bytes: Int64) -> String {
    var value = Double(bytes)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
        if value < 1024 || unit == "GiB" {
            return unit == "bytes" ? counted(Int(bytes), "byte") : "\((value * 10).rounded() / 10) \(unit)"
        }
        value /= 1024
    }
    return counted(Int(bytes), "byte")
}
