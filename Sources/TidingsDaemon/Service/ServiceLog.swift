import Glibc
import Logging
import TidingsCore
import TidingsSystem

/// Writes log entries to standard error, each as one line and in one write(2): the message first, then `key=value` for its variable
/// parts, sorted by key.
///
///     2026-02-20T10:00:00Z warning: feed not read; will retry reason="https://…: no connection to the host" source=wire
///     <4>feed not read; will retry reason="https://…: no connection to the host" source=wire
///
/// The second form is for systemd's journal, which has the time and the name of the program itself and takes the priority from the
/// number (sd-daemon(3)), so that `journalctl -p warning` finds warnings.
package struct ServiceLog: LogHandler {
    /// The journal splits a longer line into entries (journald.conf(5), LineMax=48K), of which only the first has the priority.
    static let limitBytes = 32 << 10

    package var logLevel = Logger.Level.info
    package var metadata = Logger.Metadata()
    private let isForJournal: Bool

    package init(isForJournal: Bool) { self.isForJournal = isForJournal }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let line = line(event.level, "\(event.message)", event.metadata ?? [:], milliseconds: wallClockMilliseconds())
        // Without standard error there is nobody to tell.
        try? writeAll(Array("\(line)\n".utf8), to: STDERR_FILENO)
    }

    /// One entry, without its line end.
    func line(_ level: Logger.Level, _ message: String, _ own: Logger.Metadata, milliseconds: Int64) -> String {
        let prefix = isForJournal ? "<\(level.priority)>" : "\(rfc3339(milliseconds: milliseconds)) \(level.rawValue): "
        let fields = metadata.merging(own) { _, own in own }.sorted { $0.key < $1.key }
        let line = prefix + Self.oneLine(message) + fields.map { " \($0.key)=\(Self.value("\($0.value)"))" }.joined()
        guard line.utf8.count > Self.limitBytes else { return line }
        return String(decoding: line.utf8.prefix(Self.limitBytes), as: UTF8.self) + " …"
    }

    /// As it is if it is one word, else in quotes.
    private static func value(_ text: String) -> String {
        let isWord = !text.isEmpty && !text.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" || isControl($0) }
        if isWord { return text }
        return "\"\(oneLine(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")))\""
    }

    /// Nothing may begin another entry, or control a terminal.
    private static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\t": "\\t"
            case _ where isControl(scalar): "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    // MARK: the journal

    /// Whether standard error is the journal itself, and not a file or a pipe behind it: `$JOURNAL_STREAM` "contains the device and
    /// inode number (in decimal, separated by a colon) of the standard output or standard error file descriptor" (systemd.exec(5)).
    package static func isJournal(environment: [String: String], descriptor: Int32 = STDERR_FILENO) -> Bool {
        var status = stat()
        guard let stream = environment["JOURNAL_STREAM"], unsafe fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}

extension Logger.Level {
    /// The priority of syslog(3).
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
