import Testing
import TidingsCore

@testable import TidingsFormats

private func text(_ html: String) -> String { HTMLText.text(ofFragment: Array(html.utf8)) }

@Suite struct CountersInHTML {
    @Test("what its name calls a counter is no text", arguments: [
        "<span class='comment-count'>12 comments</span>", "<a class=\"post__commentsCount\" href='#c'>12</a>",
        "<div id=\"views_count\">1.2K views</div>", "<span class='shareCount'>5</span>", "<span class='num-likes'>7 likes</span>",
        "<span itemprop='commentCount'>3</span>", "<span itemprop='timeRequired'>4 min</span>",
        "<p class='reading-time'>4 min read</p>", "<span class='entry-read-time'>4 minutes</span>",
        "<span class='upvotes'>▲ 31</span>", "<span class='karma'>14</span>", "<span class='points'>14 points</span>",
        "<span class='post-views'>Views: 1 204</span>", "<relative-time>3 hours ago</relative-time>",
        "<time class='timeago' datetime='2026-03-05'>yesterday</time>", "<span class='js-time-ago'>vor 2 Stunden</span>",
        "<span data-testid='reply-count'>9</span>", "<span class='meta viewcount'>٩٩</span>",
        "<li class='vote-count'><b>12</b> votes</li>", "<time class='relative-time'>5 Mar</time>",
        "<span class='viewCount'>2024</span>", "<span class='readtime'>12 min</span>", "<p class='story-minutes-read'>3</p>",
    ])
    func counters(html: String) {
        #expect(text("<div>The bell rang.</div><div>\(html)</div><p>It rang twice.</p>") == "The bell rang.\nIt rang twice.")
    }

    @Test("what only counts things of the article is text", arguments: [
        "<span class='score'>3–1</span>", "<b class='price'>4,50</b>", "<span class='total'>312</span>",
        "<span class='count'>14 lamps</span>", "<span class='result'>2:2</span>", "<span class='death-toll'>14</span>",
        "<span class='points'>42</span>", "<span class='comment-count'>No bell has rung</span>",
        "<div class='reading-time'>A book of 5 chapters needs an evening of reading</div>",
        "<time class='timeago'>5 March 2026</time>", "<p class='date-read-time'><b>Mar. 5, 2026</b></p>", "<p class='countdown'>3 days</p>", "<p class='county-views'>5 hills</p>",
        "<p class='discount'>5 tenge</p>", "<p class='account-number'>5</p>", "<p class='readings'>5 lamps</p>",
        "<p class='bread-timer'>5 min</p>", "<span class='views-field'>5 lamps</span>",
    ])
    func things(html: String) {
        let bare = html.replacing(/<[^>]*>/, with: "")
        #expect(text("<p>The bell rang.</p><div>\(html)</div>") == "The bell rang.\n\(bare)")
    }

    @Test("a number in a sentence or in a table is text whatever its name")
    func places() {
        let sentence = "<p>The bell was bought with <span class='vote-count'>312</span> votes in favour.</p>"
        #expect(text(sentence) == "The bell was bought with 312 votes in favour.")
        let table = "<table><tr><td>North</td><td class='vote-count'>312</td><td><b class='votes-count'>5</b></td></tr></table>"
        #expect(text(table) == "North | 312 | 5")
    }

    @Test("a page's counters are no text either")
    func page() {
        let html = """
            <article><p>The bell of the northern lamp rang twice in the night, and nobody knows why it did so.</p>
            <div class='meta'><span class='views-count'>1 204 views</span></div></article>
            """
        let item = readHTML(Array(html.utf8), charset: "utf-8", hints: DocumentHints()).items.first
        #expect(item?.text == "The bell of the northern lamp rang twice in the night, and nobody knows why it did so.")
    }
}
