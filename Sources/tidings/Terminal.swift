import FoundationEssentials
import Glibc
import TidingsCore
import TidingsDaemon

/// The environment of this process. It is read once, because that takes longer than to write a line.
let processEnvironment = ProcessInfo.processInfo.environment

/// Colours and weights (SGR, ECMA-48 §8.3.117) for people. Where standard output shows none, texts stay as they are.
struct Style {
    /// On a terminal, unless NO_COLOR is set (no-color.org: "when present and not an empty string").
    static let isColoured = isColoured(processEnvironment)

    private static func isColoured(_ environment: [String: String]) -> Bool {
        isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    static func bold(_ text: String) -> String { styled(text, "1") }
    static func dim(_ text: String) -> String { styled(text, "2") }
    static func red(_ text: String) -> String { styled(text, "31") }
    static func green(_ text: String) -> String { styled(text, "32") }
    static func cyan(_ text: String) -> String { styled(text, "36") }
    static func yellow(_ text: String) -> String { styled(text, "33") }

    private static func styled(_ text: String, _ code: String) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// `text` as it may go to a terminal: without control characters, which could move the cursor, change colours or make the terminal
/// send input, and without those that change the direction of writing. Line ends become spaces, unless they are kept.
func printable(_ text: String, keepsLines: Bool = false) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x0A: result.append(keepsLines ? "\n" : " ")
        case 0x09, 0x0D: result.append(" ")
        case 0..<0x20, 0x7F...0x9F: break
        case 0x202A...0x202E, 0x2066...0x2069: break
        case 0x2028, 0x2029: result.append(" ")
        default: result.append(scalar)
        }
    }
    return String(result)
}

/// The columns that `text` takes up in a terminal: two for each East Asian wide character, none for combining ones.
func displayWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { width, scalar in
        if scalar.value < 0x300 { return width + 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return width
        default: return width + (isWide(scalar.value) ? 2 : 1)
        }
    }
}

/// Whether `scalar` is in a block whose characters are wide or fullwidth (Unicode Standard Annex #11); roughly.
private func isWide(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD:
        true
    default: false
    }
}

/// `text` with spaces after it, or before it, so that it is at least `width` columns wide.
func padded(_ text: String, to width: Int, onLeft: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - displayWidth(text)))
    return onLeft ? spaces + text : text + spaces
}

/// `text`, or as much of it as fits into `width` columns, with `…` for the rest.
func fitted(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    var start = ""
    var used = 0
    for character in text {
        used += displayWidth(String(character))
        if used > width - 1 { break }
        start.append(character)
    }
    return start + "…"
}

/// The columns of the terminal that `descriptor` is; nil if it is none, or nobody knows. A person's own choice is in COLUMNS (POSIX,
/// Base Definitions 8.3).
func terminalWidth(
    of descriptor: Int32 = STDOUT_FILENO, _ environment: [String: String] = processEnvironment
) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    return unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
}

/// A point in time for people: in the local time zone, to the second.
func localTime(milliseconds: Int64) -> String {
    var seconds = time_t(milliseconds / 1000)
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else { return "?" }
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hour, minute, second) = unsafe (two(parts.tm_hour), two(parts.tm_min), two(parts.tm_sec))
    let (year, month, day) = unsafe (parts.tm_year + 1900, two(parts.tm_mon + 1), two(parts.tm_mday))
    return "\(year)-\(month)-\(day) \(hour):\(minute):\(second)"
}

/// A size for people: `640 bytes`, `3.4 MiB`.
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
