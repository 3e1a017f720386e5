/// How often in a row a feed's address has answered that nothing is there.
///
/// One such answer proves nothing: sites answer 404 in the middle of an upgrade, and even 410 by mistake. 410 says that
/// it is meant (RFC 9110 §15.5.11) and needs less proof. No answer at all is neither one more nor an end of the row.
package struct NotFoundStreak: Equatable, Sendable {
    static let gonesBeforeGone = 3
    static let notFoundsBeforeGone = 8

    /// 404 or 410.
    package var status: Int
    package var count: Int

    /// The row after an answer with `status`; nil if that ends it.
    static func after(_ status: Int, _ row: NotFoundStreak?) -> NotFoundStreak? {
        guard status == 404 || status == 410 else { return nil }
        var next = NotFoundStreak(status: status, count: 1)
        if let row, row.status == status { next.count += row.count }
        return next
    }

    var isProof: Bool { count >= (status == 410 ? Self.gonesBeforeGone : Self.notFoundsBeforeGone) }
}
