import Synchronization

/// The daemon's present problems, as a message for `STATUS=` and `status`. The daemon goes on, degraded.
package final class Health: Sendable {
    package struct Part: Hashable, Sendable {
        package static let ledger = Part(name: "ledger")
        /// The change file.
        package static let stream = Part(name: "stream")
        package static let settings = Part(name: "settings")

        /// A sink other than the change file.
        package static func sink(_ name: String) -> Part { Part(name: name) }

        fileprivate let name: String
    }

    private let troubles = Mutex<[Part: String]>([:])
    private let fatal = Mutex<(any Error)?>(nil)
    private let changed: @Sendable (String?) -> Void
    private let failed: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - changed: called with `message` when that changes.
    ///   - failed: called once, with the error after which the daemon cannot go on.
    package init(
        onChange changed: @escaping @Sendable (String?) -> Void = { _ in },
        onFailure failed: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.changed = changed
        self.failed = failed
    }

    package func report(_ part: Part, _ message: String) {
        if troubles.withLock({ $0.updateValue(message, forKey: part) }) != message { changed(self.message) }
    }

    package func clear(_ part: Part) {
        if troubles.withLock({ $0.removeValue(forKey: part) }) != nil { changed(message) }
    }

    /// Notes an error after which only a restart or a person can help. Only the first one counts.
    package func fail(_ error: any Error) {
        let isFirst = fatal.withLock { fatal in
            defer { fatal = fatal ?? error }
            return fatal == nil
        }
        if isFirst { failed(error) }
    }

    package var fatalError: (any Error)? { fatal.withLock { $0 } }

    /// All present problems; nil if there are none.
    package var message: String? { message(of: troubles.withLock { $0 }) }

    /// The present problems that keep the daemon from its work; nil if there are none. With settings that are wrong it goes on under
    /// the old ones.
    package var hindrance: String? { message(of: troubles.withLock { $0.filter { $0.key != .settings } }) }

    private func message(of troubles: [Part: String]) -> String? {
        let fixed: [Part] = [.ledger, .stream, .settings]
        let others = troubles.keys.filter { !fixed.contains($0) }.sorted { $0.name < $1.name }
        let list = (fixed + others).compactMap { part in troubles[part].map { "\(part.name): \($0)" } }
        return list.isEmpty ? nil : list.joined(separator: "; ")
    }
}
