/// How many times in a row a feed's address has answered 404, or 410.
///
/// One such answer proves nothing: sites answer 404 in the middle of an upgrade, and even 410 by mistake. A server that
/// sends 410 states it on purpose (RFC 9110 §15.5.11), which needs less proof. A poll without an answer neither
/// continues nor ends the streak.
package struct NotFoundStreak: Equatable, Sendable {
    static let gonesBeforeGone = 3
    static let notFoundsBeforeGone = 8

    /// 404 or 410.
    package var status: Int
    package var count: Int

    /// The streak after an answer with `status`; nil if that ends it.
    static func after(_ status: Int, _ streak: NotFoundStreak?) -> NotFoundStreak? {
        guard status == 404 || status == 410 else { return nil }
        var next = NotFoundStreak(status: status, count: 1)
        if let streak, streak.status == status { next.count += streak.count }
        return next
    }

    var isProof: Bool { count >= (status == 410 ? Self.gonesBeforeGone : Self.notFoundsBeforeGone) }
}
