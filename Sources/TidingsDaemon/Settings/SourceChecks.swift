import TidingsCore

/// Checks the sources of one settings file against each other. Names and URLs are unique. No folder overlaps with another, because
/// an article would be seen twice, or with the state folder, because the daemon would read its own stream as news. Symbolic links
/// do not hide that.
final class SourceChecks {
    static let nameLimitBytes = 64

    private let report: SettingsReport
    /// Nil if the settings have no valid one.
    private let stateFolder: Place?
    private var lineOfName: [String: Int] = [:]
    private var nameOfURL: [String: String] = [:]
    private var folders: [(name: String, place: Place)] = []

    init(report: SettingsReport, stateFolder: String) {
        self.report = report
        self.stateFolder = stateFolder.isEmpty ? nil : Place(stateFolder)
    }

    /// A folder as the settings write it, and where symbolic links lead to from there.
    private struct Place {
        let path: String
        let real: String

        init(_ path: String) {
            self.path = path
            real = SettingsPath.real(path)
        }

        func overlaps(_ other: Place) -> Bool { SettingsPath.overlap(path, other.path) || SettingsPath.overlap(real, other.real) }
    }

    /// Checks a name. Names occur in the stream, in commands and in article ids, so only few characters are allowed.
    func name(_ name: String, in section: SettingsSection) {
        guard Self.isName(name) else {
            let message = "'\(name)' cannot name a source"
            section.problem("name", message, "write at most 64 of a-z, 0-9, '.', '_', '-', a letter or digit first")
            return
        }
        if let line = lineOfName[name] {
            section.problem("name", "the name '\(name)' is taken in line \(line)", "give each source its own name")
        } else {
            lineOfName[name] = section.position(of: "name").line
        }
    }

    func folder(_ folder: FolderSettings, in section: SettingsSection) {
        let place = Place(folder.path)
        if let stateFolder, place.overlaps(stateFolder) {
            section.problem(
                "path", "the folder and the state folder \(stateFolder.path) overlap",
                "keep the state outside of what is watched")
        }
        if let other = folders.first(where: { place.overlaps($0.place) }) {
            section.problem(
                "path", "the folder overlaps with that of '\(other.name)', \(other.place.path)",
                "watch the outer one only, with include and exclude")
        }
        folders.append((folder.name, place))
    }

    func patterns(_ patterns: [String], key: String, in section: SettingsSection) {
        for pattern in patterns where !Self.isPattern(pattern) {
            section.problem(
                key, "'\(pattern)' matches no file of the folder",
                #"write a pattern below it, as "**/*.txt" or "drafts/**""#)
        }
    }

    func feed(_ url: String, in section: SettingsSection) {
        let address: FeedAddress
        do throws(FeedAddressError) {
            address = try FeedAddress(checking: url)
        } catch {
            section.problem("url", error.message, error.suggestion)
            return
        }
        let name = section.node("name")?.scalar?.string ?? ""
        if let other = nameOfURL[address.comparable] {
            section.problem("url", "the feed '\(other)' has this URL already", "remove one of the two")
        } else {
            nameOfURL[address.comparable] = name
        }
    }

    /// - Parameter place: the file and the line, where `url` stands in a file of its own.
    func page(_ url: String, key: String, in section: SettingsSection, place: String) {
        do throws(FeedAddressError) {
            _ = try FeedAddress(checking: url)
        } catch {
            section.problem(key, place + error.message, "write an address as https://example.org/statement")
        }
    }

    static func isName(_ name: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool { byte.isASCIILowercase || byte.isASCIIDigit }
        guard let first = name.utf8.first, isAlphanumeric(first), name.utf8.count <= nameLimitBytes else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    /// Whether `pattern` can match. Paths below a root never have an empty part, `.` or `..`.
    private static func isPattern(_ pattern: String) -> Bool {
        pattern.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !["", ".", ".."].contains($0) && $0.contains("[") == $0.contains("]")
        }
    }
}

/// The parts of a feed's URL that the settings check (RFC 3986 §3).
struct FeedAddress {
    let hasPassword: Bool
    /// The URL with scheme and host in lowercase, without default port and fragment, and with `/` for an empty path (RFC 3986
    /// §6.2.2, §6.2.3). It is equal for two URLs that a server cannot tell apart.
    let comparable: String

    /// Checks that settings may name the feed at `url`.
    init(checking url: String) throws(FeedAddressError) {
        guard let address = FeedAddress(url) else {
            throw FeedAddressError(
                message: "'\(url)' is not an http or https URL", suggestion: "write url: https://example.org/feed.xml")
        }
        guard !address.hasPassword else {
            // The message does not repeat the URL, because it may be logged.
            throw FeedAddressError(
                message: "the URL has a user or password in it", suggestion: "put an Authorization line into headers_file")
        }
        self = address
    }

    /// Nil unless `url` is http or https, names a host, and has no spaces or control characters.
    init?(_ url: String) {
        let uri = URI(url)
        guard !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), let scheme = uri.webScheme, var host = uri.hostAndPort
        else { return nil }
        let defaultPort = scheme == "http" ? ":80" : ":443"
        if host.hasSuffix(defaultPort) { host.removeLast(defaultPort.utf8.count) }
        guard let first = host.utf8.first, first != UInt8(ascii: ":") else { return nil }
        hasPassword = uri.userInfo != nil
        comparable = "\(scheme)://\(host)" + (uri.path.isEmpty ? "/" : "") + uri.pathAndQuery
    }
}

/// Why a feed's URL is refused, and what to do.
struct FeedAddressError: Error {
    let message: String
    let suggestion: String
}
