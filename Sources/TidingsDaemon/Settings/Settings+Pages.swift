import TidingsCore
import TidingsSystem

// The sections about pages.

enum PageKey {
    static let all = ["name", "urls", "urls_file", "enabled", "recheck", "private_network", "user_agent", "proxy", "proxy_credentials_file", "tags"]
    static let common = ["full_text", "recheck", "per_host", "host_delay", "per_hour", "backfill", "robots"]
}

extension SettingsReader {
    func pageList(_ section: SettingsSection, checks: SourceChecks) -> PageListSettings? {
        guard let name = section.required("name", example: "ministry") else { return nil }
        checks.name(name, in: section)
        var list = PageListSettings(name: name, urls: [])
        var seen: Set<String> = []
        for url in section.strings("urls", example: "https://example.org/statement") ?? [] {
            checks.page(url, key: "urls", in: section, place: "")
            if seen.insert(url).inserted { list.urls.append(url) }
        }
        if let path = section.string("urls_file", example: "pages.txt").map(absolute) {
            for (line, url) in addresses(in: path, section) {
                checks.page(url, key: "urls_file", in: section, place: "\(path):\(line): ")
                if seen.insert(url).inserted { list.urls.append(url) }
            }
        }
        if section.node("urls") == nil, section.node("urls_file") == nil {
            section.problem("name", "'\(name)' lists no page", "write urls: [https://example.org/statement]")
        }
        section.boolean("enabled").map { list.isEnabled = $0 }
        section.boolean("private_network").map { list.allowsPrivateNetwork = $0 }
        list.recheck = recheck(section, shortest: list.allowsPrivateNetwork ? .seconds(1) : .seconds(60))
        list.proxy = proxy(section)
        list.userAgent = section.string("user_agent", example: "Mozilla/5.0")
        section.strings("tags", example: "politics").map { list.tags = $0 }
        return list
    }

    /// The lines of a file of addresses, with their numbers. Empty lines, and those that begin with `#`, are passed over.
    private func addresses(in path: String, _ section: SettingsSection) -> [(line: Int, url: String)] {
        let bytes: [UInt8]
        do throws(SmallFileError) {
            bytes = try readSmallFile(path, limitBytes: 64 << 20)
        } catch {
            section.problem("urls_file", "\(path) cannot be read: \(error.message)", "write a text file with one address a line")
            return []
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { number, line in
            let text = String(decoding: trimmed(line), as: UTF8.self)
            return text.isEmpty || text.utf8.first == UInt8(ascii: "#") ? nil : (number + 1, text)
        }
    }

    func pageFetch(_ section: SettingsSection) -> PageFetchSettings {
        var fetch = PageFetchSettings()
        fullText(section).map { fetch.fullText = $0 }
        recheck(section, shortest: .seconds(60)).map { fetch.recheck = $0 }
        section.integer("per_host", in: 1...16, example: fetch.perHost).map { fetch.perHost = $0 }
        section.duration("host_delay", in: .zero...(.seconds(600)), example: "3s").map { fetch.hostDelay = $0 }
        section.integer("per_hour", in: 1...10_000_000, example: fetch.perHour).map { fetch.perHour = $0 }
        section.integer("backfill", in: 0...1_000_000, example: fetch.backfill).map { fetch.backfill = $0 }
        section.name("robots", what: "policy for robots.txt", example: RobotsPolicy.obey).map { fetch.robots = $0 }
        return fetch
    }

    func fullText(_ section: SettingsSection) -> FullText? {
        section.name("full_text", what: "choice", example: FullText.auto)
    }

    func recheck(_ section: SettingsSection, shortest: Duration) -> Recheck? {
        switch section.string("recheck", example: "decay") {
        case nil: nil
        case "decay": .decay
        case "never": .never
        default:
            section.duration("recheck", in: shortest...Self.longest, example: "decay, never, or 6h")
                .map { .every($0.microseconds / 1000) }
        }
    }
}
