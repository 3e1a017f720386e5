import TidingsCore

/// Somebody asked for a source that was never configured.
package struct UnknownSourceError: Error, Equatable, Sendable {
    package let name: String
    /// Every source that was ever configured.
    package let known: [String]
}

extension UnknownSourceError: CustomStringConvertible {
    /// How many sources are named.
    private static let namesLimit = 20

    package var description: String {
        let near = nearestName(to: name, of: known).map { "; write '\($0)'" } ?? ""
        guard !known.isEmpty else { return "no source is named '\(name)': there is none yet" }
        let more = known.count > Self.namesLimit ? " and \(known.count - Self.namesLimit) more, which `tidings status` shows" : ""
        return "no source is named '\(name)'\(near). The sources are: \(known.prefix(Self.namesLimit).joined(separator: ", "))\(more)"
    }
}

extension LedgerReader {
    /// Makes sure that there is a source of each of these names, now or in the past.
    /// - Throws: `UnknownSourceError`, `StoreError`.
    package func checkSources(_ names: [String]) throws {
        let sources = try sources()
        let known = Set(sources.map(\.name))
        guard let unknown = names.first(where: { !known.contains($0) }) else { return }
        // Those that are configured first.
        let ordered = sources.filter(\.isSubscribed) + sources.filter { !$0.isSubscribed }
        throw UnknownSourceError(name: unknown, known: ordered.map(\.name))
    }
}
