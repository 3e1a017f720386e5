import TidingsCore
import TidingsStore

/// The view at `/sources/{name}`: how a source stands, what was learned about it, what it brought.
struct SourceView: Sendable {
    let status: SourceStatus
    /// Documents that could not be read, or with problems.
    let problems: [CaptureProblem]
    let pages: [WatchedPage]
    /// Lines that surround the articles of its hosts, with how many there are.
    let learned: [LearnedHost]
    /// Its turns between ok, failing and gone, its gaps; the newest first.
    let history: [ShownChange]
    /// What else it brought; the newest first.
    let changes: [ShownChange]
    /// The newest change in the change files.
    let published: Int64
    let moment: Moment

    static let problemsLimit = 50
    static let pagesLimit = 50
    static let historyLimit = 20
    static let changesLimit = 20

    private var source: SourceRow { status.source }

    var document: [UInt8] {
        let frame = PageFrame(
            title: source.name, place: .sources,
            live: PageFrame.Live(stream: .stream(after: published, source: source.name)), feed: .feed(source: source.name))
        return frame.document { html in
            html.element("div", .id("live-content"), .class("source")) { html in
                heading(&html)
                polls(&html)
                learned(&html)
                problems(&html)
                pages(&html)
                history(&html)
                changes(&html)
            }
        }
    }

    private func heading(_ html: inout MarkupWriter) {
        html.element("h1", .named("dir", "auto"), text: source.name)
        html.element("p", .class("state")) { html in
            html.badge(status.stateWords, status.tone)
            if let since = source.stateSinceMilliseconds {
                html.text("since ")
                html.time(since, moment)
            }
        }
        if let detail = status.shownDetail, status.tone != .good {
            html.element("p", .class("detail"), .named("dir", "auto"), text: detail)
        }
        html.element("p", .class("next")) { html in
            if status.needsAttention { html.element("strong", text: "Next step: ") }
            html.code(within: status.nextStep(moment))
        }
    }

    // MARK: polls

    private func polls(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "polls")) { html in
            html.element("h2", .id("polls"), text: source.kind == .feed ? "Polls" : "Looks")
            html.element("dl", .class("fields")) { html in
                html.fact("kind", source.kind.rawValue)
                if let address = status.shownAddress { html.fact("address") { $0.outside(address) } }
                moments(&html)
                if let poll = status.pollState { self.poll(poll, &html) }
                if let hub = status.hub { self.hub(hub, &html) }
                html.fact("articles", "\(status.liveSightings)")
                html.fact("documents", "\(status.captures)")
                for type in ChangeType.allCases {
                    if let count = status.changes[type], count > 0 { html.count(ShownChange.verb(of: type), count) }
                }
            }
        }
    }

    private func moments(_ html: inout MarkupWriter) {
        if let imported = source.importedMilliseconds { html.fact("first import") { $0.time(imported, moment) } }
        if let attempt = source.lastAttemptMilliseconds { html.fact("last attempt") { $0.time(attempt, moment) } }
        if let success = source.lastSuccessMilliseconds { html.fact("last success") { $0.time(success, moment) } }
    }

    private func poll(_ poll: PollState, _ html: inout MarkupWriter) {
        html.fact("next poll") { html in
            html.time(max(poll.nextPoll, moment.now), moment)
            html.text(", because of \(poll.dueReason.words)")
        }
        html.fact("last answer", poll.lastStatus.map { "HTTP status \($0)" })
        if poll.consecutiveFailures > 0 { html.fact("failures", "\(poll.consecutiveFailures) in a row") }
        if let wait = poll.notBefore, wait > moment.now { html.fact("not before") { $0.time(wait, moment) } }
    }

    private func hub(_ hub: HubSubscription, _ html: inout MarkupWriter) {
        html.fact("hub") { html in
            html.outside(.source(hub.hub))
            switch hub.standing(now: moment.now) {
            case .subscribed: html.text(": subscribed")
            case .asked: html.text(": asked")
            case .new: html.text(": to be asked")
            case .failing: html.text(": \(hub.problem ?? "failing")")
            }
        }
        if let end = hub.leaseEnd, hub.isLive(now: moment.now) { html.fact("subscribed until") { $0.time(end, moment) } }
        if let push = hub.trust.lastPush { html.fact("last push") { $0.time(push, moment) } }
        if hub.trust.misses > 0 { html.fact("news that it did not tell of", "found by \(counted(hub.trust.misses, "poll"))") }
    }

    // MARK: what was learned

    private func learned(_ html: inout MarkupWriter) {
        let lines = status.pollState.map(lessons) ?? []
        if lines.isEmpty && learned.isEmpty { return }
        html.element("section", .named("aria-labelledby", "learned")) { html in
            html.element("h2", .id("learned"), text: "What was learned about it")
            html.element("ul", .class("lessons")) { html in
                for line in lines { html.element("li") { $0.code(within: line) } }
                for host in learned {
                    html.element("li") { html in
                        html.text("\(counted(host.lines, "line")) surround the articles of \(host.host), learned from ")
                        html.text("\(counted(host.articles, "article")); ")
                        html.element("code", text: "tidings boilerplate list \(host.host)")
                        html.text(" shows them.")
                    }
                }
            }
        }
    }

    private func lessons(_ poll: PollState) -> [String] {
        var lines: [String] = []
        if poll.trust.validatorLies > 0 {
            lines.append(
                "\(counted(poll.trust.validatorLies, "change")) came behind an unchanged ETag or Last-Modified: the server hides edits, "
                    + "and is asked without them as well.")
        }
        switch poll.teasers.verdict {
        case .teasers where status.pages == nil:
            lines.append("Its items are teasers: with `full_text: auto` their pages are watched, too.")
        case .teasers: lines.append("Its items are teasers; their pages are watched.")
        case .some: lines.append("Its items have their whole text.")
        case nil: break
        }
        if let moved = poll.redirects.movedTo { lines.append("It has moved for good, to \(OutsideAddress.source(moved).text).") }
        if let ttl = poll.feedHints.timeToLiveSeconds { lines.append("It asks to be left alone for \(ttl / 60) minutes.") }
        if poll.feedHints.skips != nil { lines.append("It names hours or days in which it is not asked.") }
        if let gap = poll.pace.itemGapMilliseconds, gap > 0 {
            lines.append("A new item comes every \(Moment(now: 0).relative(gap).dropFirst("in ".count)) or so.")
        }
        if let items = poll.pace.documentItems { lines.append("Its document shows \(counted(items, "item")).") }
        return lines
    }

    // MARK: documents and pages

    private func problems(_ html: inout MarkupWriter) {
        if problems.isEmpty { return }
        html.element("section", .named("aria-labelledby", "problems")) { html in
            html.element("h2", .id("problems"), text: "Problems")
            html.element("dl", .class("problems")) { html in
                for problem in problems {
                    html.element("div") { html in
                        html.element("dt", .named("dir", "auto"), text: locator(problem.locator))
                        html.element("dd", .named("dir", "auto"), text: status.hidingPlaces(in: problem.message))
                    }
                }
            }
            let count = status.unreadable + status.withProblems
            if count > problems.count {
                html.element("p", .class("note"), text: "\(problems.count) of \(count) are shown.")
            }
        }
    }

    /// Of a document: a path below the folder, or a feed's address.
    private func locator(_ locator: String) -> String {
        source.kind == .folder ? locator : OutsideAddress.source(locator).text
    }

    private func pages(_ html: inout MarkupWriter) {
        guard let counts = status.pages else { return }
        html.element("section", .named("aria-labelledby", "pages")) { html in
            html.element("h2", .id("pages"), text: "Pages")
            html.element("p", .class("facts")) { html in
                html.element("span", text: "\(counts.watched) watched")
                html.element("span", text: "\(counts.withText) with text")
                if counts.resting > 0 { html.element("span", text: "\(counts.resting) at rest") }
                for trouble in counts.problems {
                    html.element("span", text: "\(trouble.pages) \(trouble.name.replacing("_", with: " "))")
                }
            }
            html.element("ul", .class("sources")) { html in
                for page in pages { html.element("li") { html in self.page(page, &html) } }
            }
            if counts.watched > pages.count {
                html.element("p", .class("note"), text: "\(pages.count) of \(counts.watched) are shown.")
            }
        }
    }

    private func page(_ page: WatchedPage, _ html: inout MarkupWriter) {
        if let problem = page.state.problem {
            html.badge(problem.replacing("_", with: " "), .bad)
        } else {
            html.badge(page.hasText ? "read" : "not read yet", page.hasText ? .good : .noted)
        }
        html.element("div") { html in
            if let article = page.article {
                html.element("p", .class("heading")) { html in
                    html.element("a", .href(.article(article)), .named("dir", "auto"), text: page.title ?? "Article without a title")
                }
            }
            html.element("p", .class("facts")) { html in
                html.outside(.article(page.locator))
                if let next = page.state.nextLook {
                    html.element("span") { html in
                        html.text("next look ")
                        html.ago(max(next, moment.now), moment)
                        html.text(": \(page.state.dueReason.words)")
                    }
                } else {
                    html.element("span", text: "at rest")
                }
            }
        }
    }

    // MARK: changes

    private func history(_ html: inout MarkupWriter) {
        if history.isEmpty { return }
        html.element("section", .named("aria-labelledby", "history")) { html in
            html.element("h2", .id("history"), text: "History")
            html.changes(history, moment, showsSource: false)
        }
    }

    private func changes(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "changes")) { html in
            html.element("h2", .id("changes"), text: "Newest changes")
            if changes.isEmpty {
                html.element("p", .class("empty"), text: "None.")
                return
            }
            html.changes(changes, moment, showsSource: false)
            html.element("p", .class("more")) { html in
                html.element("a", .href(.changes(source: source.name)), text: "All changes of this source")
            }
        }
    }
}

extension MarkupWriter {
    fileprivate mutating func count(_ words: String, _ count: Int) {
        element("div") { html in
            html.element("dt", text: words)
            html.element("dd", text: String(count))
        }
    }
}
