/// What a hub asks or tells at the callback of a subscription (W3C WebSub §5.2, §5.3).
package enum HubQuestion: Equatable, Sendable {
    /// Whether the subscription is wanted. `leaseSeconds`: for how long the hub would push.
    case isWanted(topic: String, leaseSeconds: Int64?)
    /// The hub does not push, or no longer.
    case denied(topic: String, reason: String?)
}

/// Who has asked hubs to push.
package protocol HubCallbacks: Sendable {
    /// Whether the answer is yes: the question is of the subscription that has this token.
    func answer(_ question: HubQuestion, at token: String) async -> Bool
    /// What the hub of the subscription that has this token signs with.
    func signing(at token: String) -> HubSigning
    /// A push has come, with the right signature if it has to have one.
    func pushed(at token: String) async
}

package enum HubSigning: Equatable, Sendable {
    /// Nobody has asked for pushes at this token.
    case unknown
    /// Whoever knows the token may push.
    case none
    case secret(String)
}
