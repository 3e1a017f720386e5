/// The names that pages give the boxes that they lay over their text or put into it: a topic with a shape
/// (`cookie-banner`, `newsletter-signup`), or the name of a program that shows them.
///
/// A topic alone is none: `cookie-recipe` is an article, and `has-newsletter` a page.
enum BoxName {
    static func isBox(_ words: [String]) -> Bool {
        guard let first = words.first, let last = words.last else { return false }
        if words.count == 1 { return wholeNames.contains(first) || programs.contains(first) }
        guard !states.contains(first), !states.contains(last), !labels.contains(first) else { return false }
        if words.contains(where: programs.contains) { return true }
        return zip(words, words.dropFirst()).contains { first, second in
            topics.contains(first) && shapes.contains(second) || shapes.contains(first) && topics.contains(second)
        }
    }

    /// What a box has in its name at least.
    static let filter = NameFilter(wholeNames.union(programs).union(topics))

    private static let wholeNames: Set<String> = [
        "ccpa", "cookiebanner", "cookiebar", "cookielaw", "cookiemessage", "cookienotice", "cookiepopup", "gdpr", "newsletter",
        "paywall", "subscribe",
    ]

    private static let programs: Set<String> = [
        "cmplz", "cookiebot", "cookieconsent", "cookiefirst", "cookiehub", "cookieyes", "didomi", "iubenda", "klaro", "onetrust",
        "osano", "termly", "trustarc", "truste", "usercentrics",
    ]

    private static let topics: Set<String> = [
        "ccpa", "consent", "cookie", "cookies", "gdpr", "newsletter", "newsletters", "paywall", "privacy", "subscribe",
        "subscription",
    ]

    private static let shapes: Set<String> = [
        "alert", "banner", "bar", "block", "box", "callout", "consent", "cta", "dialog", "disclaimer", "flyout", "form", "hint",
        "inline", "law", "layer", "lightbox", "manager", "message", "modal", "notice", "notification", "optin", "overlay", "panel",
        "popup", "preferences", "promo", "prompt", "settings", "sheet", "signup", "subscribe", "toast", "wall", "warning", "widget",
    ]

    /// `has-newsletter-signup` says something of a page that has the box, or of one where it is gone.
    private static let states: Set<String> = [
        "accepted", "active", "closed", "disabled", "dismissed", "enabled", "given", "has", "is", "no", "not", "ok", "with",
        "without",
    ]

    /// `category-cookie-consent` says what the article is about.
    private static let labels: Set<String> = [
        "archive", "article", "category", "entry", "page", "post", "section", "single", "story", "tag", "template", "term", "topic",
    ]
}
