import TidingsCore
import TidingsCore
import TidingsSystem

/// Adds feeds to a settings file.
package struct SettingsEdit {
    package let file: String
    /// The present settings of the file. They may have no source yet.
    package let settings: Settings
    private let original: [UInt8]
    private let text: String
    private let environment: [String: String]

    /// - Parameter file: absolute path.
    /// - Throws: the problems of the file.
    package init(_ file: String, environment: [String: String]) throws(SettingsError) {
        self.file = file
        self.environment = environment
        (original, text) = try SettingsFile.read(file)
        settings = try Settings(yaml: text, file: file, environment: environment, needsSource: false)
    }

    /// Adds `feeds` to the end of the list. Of each it writes name, URL and tags only. The new text keeps every byte of the old
    /// one, and is read again first: it must mean the old settings and the new feeds. The file is replaced as a whole and keeps its
    /// mode and owner.
    /// - Throws: `SettingsError` if the layout of the list does not allow it; `FileReplacementError`. The file is then unchanged.
    package func add(_ feeds: [FeedSettings]) throws {
        guard !feeds.isEmpty else { return }
        try replaceFile(file, with: Array(text(adding: feeds).utf8), expecting: original)
    }

    func text(adding feeds: [FeedSettings]) throws(SettingsError) -> String {
        var wanted = settings
        wanted.feeds += feeds
        let places = (try? FeedInsertion(text).places(for: feeds)) ?? []
        for place in places {
            let result = Self.insert(place, into: text)
            guard (try? Settings(yaml: result, file: file, environment: environment)) == wanted else { continue }
            if result.utf8.count <= SettingsFile.limitBytes { return result }
            throw refusal(
                "with these feeds the file would be larger than \(Quantity.message(bytes: SettingsFile.limitBytes))",
                "import fewer")
        }
        throw refusal(
            "feeds cannot be added to a file that is laid out like this",
            "write the list as 'feeds:' and a line '  - name: …' for each feed, as config/tidings.yaml does")
    }

    private func refusal(_ message: String, _ suggestion: String) -> SettingsError {
        SettingsError([SettingsProblem(file: file, message: message, suggestion: suggestion)])
    }

    private static func insert(_ place: FeedInsertion.Place, into text: String) -> String {
        let position = text.utf8.index(text.utf8.startIndex, offsetBy: place.offset)
        return String(text[..<position]) + place.text + text[position...]
    }
}
