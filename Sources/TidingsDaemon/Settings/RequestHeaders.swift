import TidingsSystem

/// The secret headers of a feed: `Name: value` lines of a file outside the settings, as systemd's `LoadCredential=` provides it.
/// The file is read when the headers are used, so that a new secret needs no reload. The descriptions of this type never contain
/// the headers, so that no secret gets into a log.
package struct RequestHeaders: Sendable, CustomStringConvertible, CustomReflectable {
    private static let limitBytes = 64 << 10

    /// One header each, `Authorization: Bearer …`, without line ends, as libcurl's CURLOPT_HTTPHEADER requires.
    package let lines: [String]

    package var description: String { "\(lines.count) secret headers" }
    /// Without it, `dump` and `String(reflecting:)` would show the lines.
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Reads the file at `path`, in which a leading `%d/` means `$CREDENTIALS_DIRECTORY`. Skips empty lines and lines that begin
    /// with `#`.
    package init(file path: String, environment: [String: String]) throws(HeadersError) {
        let resolved = try Self.resolve(path, environment: environment)
        let bytes: [UInt8]
        do {
            bytes = try readSmallFile(resolved, limitBytes: Self.limitBytes)
        } catch {
            throw HeadersError(file: resolved, message: error.message)
        }
        var lines: [String] = []
        for (position, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            guard Self.isHeader(text), let header = String(validating: text, as: UTF8.self) else {
                throw HeadersError(file: resolved, message: "line \(position + 1) is not of the form 'Name: value'")
            }
            lines.append(header)
        }
        self.lines = lines
    }

    private static func resolve(_ path: String, environment: [String: String]) throws(HeadersError) -> String {
        guard path.utf8.starts(with: "%d/".utf8) else { return path }
        guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
            throw HeadersError(file: path, message: "$CREDENTIALS_DIRECTORY is not set; add LoadCredential= to the unit")
        }
        return folder + path.dropFirst(2)
    }

    /// A field name is a token, a value has no control characters but the tab (RFC 9110 §5.1, §5.5).
    private static func isHeader(_ line: ArraySlice<UInt8>) -> Bool {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return false }
        let isToken = line[..<colon].allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"(),/;<=>?@[\\]{}".utf8.contains($0) }
        return isToken && line[colon...].allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
    }
}

/// Why a feed's secret headers cannot be sent. It names the file but never contains its text.
package struct HeadersError: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    package let message: String
    package var description: String { "headers file \(file): \(message)" }
}
