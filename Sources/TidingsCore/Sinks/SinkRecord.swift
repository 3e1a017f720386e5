/// What the ledger keeps of a sink other than the change file: how far it is, and how it is doing.
package struct SinkRecord: Equatable, Sendable {
    package let name: String
    package let kind: SinkKind
    /// The id of the stream that the numbers are of.
    package var stream: String
    /// The change after which the sink began: what it is given that says it has nothing. 0 for all that is kept.
    package var begin: Int64
    /// The newest change that the sink has and keeps, or does not ask for.
    package var confirmed: Int64
    package var state = SinkState()

    package init(name: String, kind: SinkKind, stream: String, begin: Int64) {
        self.name = name
        self.kind = kind
        self.stream = stream
        self.begin = begin
        confirmed = begin
    }
}

/// What a sink is. The raw values stand in the ledger and in `status --json`.
package enum SinkKind: String, CaseIterable, Sendable {
    case webhook
    case command
}

/// How a sink is doing. Times are milliseconds since 1970.
///
/// `SinkState+JSON.swift` writes and reads it as JSON.
package struct SinkState: Equatable, Sendable {
    package enum Standing: String, CaseIterable, Sendable {
        /// Nothing was delivered yet, and nothing failed.
        case new
        case ok
        /// It is tried again at `nextTry`.
        case failing
        /// The receiver wants no more (410). It is tried again after a restart, a reload, or with other settings.
        case disabled
        /// The program says that it has what this stream has not. As `disabled`.
        case stopped
    }

    package var standing = Standing.new
    /// Since when it stands so.
    package var since: Int64?
    /// Why it does not go on, and what to do, for people; nil while it does.
    package var detail: String?
    /// What the receiver said last: `HTTP 204`, `confirmed 1042`.
    package var lastAnswer: String?
    package var lastAnswerAt: Int64?
    /// Failures in a row.
    package var failures = 0
    /// When it is tried again; nil while it does not wait.
    package var nextTry: Int64?
    /// The changes up to this one need not be kept for it, although it has confirmed more; nil if it asks for no such thing.
    package var passed: Int64?
    /// The changes that it was never given because they were no longer kept, the newest such gap; nil if there was none.
    package var missed: MissedChanges?

    package init() {}

    /// Takes up `standing`. `since` moves only if that is another one.
    package mutating func turn(_ standing: Standing, _ detail: String? = nil, at now: Int64) {
        if self.standing != standing { since = now }
        self.standing = standing
        self.detail = detail
        if standing != .failing { nextTry = nil }
        if standing == .ok { failures = 0 }
    }

    /// Whether a person should look: it does not go on, or has missed changes in the last week.
    package func needsAttention(now: Int64) -> Bool {
        switch standing {
        case .failing, .disabled, .stopped: true
        case .new, .ok: missed.map { now - $0.at < MissedChanges.attentionMilliseconds } ?? false
        }
    }
}

/// Changes that a sink was never given: it was down for so long that they are no longer kept.
package struct MissedChanges: Equatable, Sendable {
    /// How long `status` speaks of them.
    static let attentionMilliseconds: Int64 = 7 * 86_400_000

    package let first: Int64
    package let last: Int64
    /// When that was found out.
    package let at: Int64

    package init(first: Int64, last: Int64, at: Int64) {
        self.first = first
        self.last = last
        self.at = at
    }

    /// For people.
    package var message: String {
        "too far behind: changes \(first) to \(last) are no longer kept, and the sink never got them; give it a `tidings snapshot`, and "
            + "raise `retention: sinks:`"
    }
}
