/// Durations and sizes as settings write them: a whole number and its unit, `10m`, `64MiB`.
///
/// A number without a unit is refused, because people guess its unit (seconds? minutes?) wrong.
package enum Quantity {
    private static let durationUnits: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    /// IEC 80000-13 for the powers of 1024, SI for those of 1000.
    private static let sizeUnits: [(name: String, bytes: Int)] = [
        ("B", 1), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ]

    /// `500ms`, `90s`, `10m`, `2h`, `1d`; nil for everything else, and for 2^63 milliseconds or more.
    package static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text), let scale = durationUnits.first(where: { $0.name == unit })
        else { return nil }
        let (milliseconds, overflows) = Int64(number).multipliedReportingOverflow(by: scale.milliseconds)
        return overflows ? nil : .milliseconds(milliseconds)
    }

    /// `512B`, `32kB`, `64MiB` in bytes; nil for everything else.
    package static func size(_ text: String) -> Int? {
        guard let (number, unit) = split(text), let scale = sizeUnits.first(where: { $0.name == unit })
        else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: scale.bytes)
        return overflows ? nil : bytes
    }

    /// `duration` in the largest unit in which it is a whole number. `duration(_:)` reads the same value from it.
    package static func message(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        let unit = durationUnits.last { milliseconds % $0.milliseconds == 0 && milliseconds >= $0.milliseconds }
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.name)" } ?? "\(milliseconds)ms"
    }

    /// `bytes` in the largest unit in which it is a whole number. `size(_:)` reads the same value from it.
    package static func message(bytes: Int) -> String {
        let unit = sizeUnits.sorted { $0.bytes < $1.bytes }.last { bytes % $0.bytes == 0 && bytes >= $0.bytes }
        return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes)B"
    }

    private static func split(_ text: String) -> (number: Int, unit: Substring)? {
        let digits = text.utf8.prefix(while: \.isASCIIDigit)
        guard let number = decimalNumber(digits) else { return nil }
        return (number, text[digits.endIndex...])
    }
}
