/// What a page shows in place of its article, or of the rest of it.
package enum PageObstacle: String, Sendable, CaseIterable {
    /// It first checks for a browser, or for a human.
    case challenge
    /// A wall that asks for consent; a banner beside the article is none.
    case consent
    case login
    /// The text breaks off where subscribers read on.
    case paywall
    /// An error that was sent as if it were the page ("soft 404").
    case errorPage = "error_page"
}
