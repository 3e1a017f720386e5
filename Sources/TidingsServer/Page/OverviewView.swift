import TidingsCore
import TidingsStore

/// How a sink stands, as the overview shows it.
struct SinkFacts: Equatable, Sendable {
    let name: String
    /// `change file`, `webhook`, `command`, …
    let kind: String
    let stateWords: String
    let tone: Tone
    /// Committed changes that it has not confirmed.
    let lag: Int64?
    /// What went wrong last, for people.
    let detail: String?
    let nextStep: String?
}

extension SinkFacts {
    init(changeFile stream: StreamStatus) {
        let lag = stream.lag
        self.init(
            name: "change file", kind: "changes.ndjson", stateWords: lag == nil ? "failing" : lag == 0 ? "ok" : "behind",
            tone: lag == nil ? .bad : lag == 0 ? .good : .noted, lag: lag, detail: nil,
            nextStep: lag == nil ? "The daemon tries again by itself; `tidings verify` says what is wrong." : nil)
    }
}

extension SinkFacts {
    /// A webhook or a command.
    init(_ sink: SinkStatus, in status: StateStatus, _ moment: Moment) {
        let state = sink.record.state
        let isBad = status.needsAttention(sink)
        let next: String? =
            switch state.standing {
            case .failing: "Tried again \(state.nextTry.map { moment.relative(max($0, moment.now)) } ?? "soon")."
            case .disabled, .stopped: "It stays so until `tidings reload`, or a restart."
            case .new, .ok: nil
            }
        self.init(
            name: sink.record.name, kind: sink.record.kind.rawValue, stateWords: state.standing.rawValue,
            tone: isBad ? .bad : state.standing == .new ? .noted : .good, lag: status.lag(of: sink),
            detail: [state.detail, state.missed?.message].compactMap(\.self).joined(separator: "; "), nextStep: next)
    }
}

/// The view at `/`: is all well, and what has happened.
struct OverviewView: Sendable {
    let status: StateStatus
    let sinks: [SinkFacts]
    let chart: DayChart
    /// The newest changes.
    let changes: [ShownChange]
    /// The newest change in the change files.
    let published: Int64
    let moment: Moment

    /// So many sources are listed here; the view of the sources has all.
    static let sourcesLimit = 12
    static let changesLimit = 15

    var document: [UInt8] {
        let frame = PageFrame(
            title: "Tidings", place: .overview, live: PageFrame.Live(stream: .stream(after: published)))
        return frame.document { html in
            html.element("div", .id("live-content"), .class("overview")) { html in
                html.element("h1", .class("unseen"), text: "Overview")
                daemon(&html)
                html.element("div", .class("column")) { html in
                    chart(&html)
                    changes(&html)
                }
                html.element("div", .class("column")) { html in
                    sources(&html)
                    sinks(&html)
                }
            }
        }
    }

    // MARK: the daemon

    private var attention: [SourceStatus] { status.sources.filter(\.needsAttention) }

    private func daemon(_ html: inout MarkupWriter) {
        let isWell = status.daemon.problem == nil && status.stream.problem == nil
        html.element("section", .class("daemon \(isWell ? "good" : "bad")"), .named("aria-labelledby", "daemon")) { html in
            html.element("h2", .id("daemon"), text: isWell ? "The daemon is working" : "The daemon cannot do its work")
            for problem in [status.daemon.problem, status.stream.problem].compactMap({ $0 }) {
                html.element("p", .class("detail"), .named("dir", "auto"), text: hiding(status.path, as: "the state folder", in: problem))
            }
            if attention.count > 0 {
                html.element("p") { html in
                    html.element("a", .href(fragment: "sources"), text: counted(attention.count, "source"))
                    html.text(attention.count == 1 ? " needs a look." : " need a look.")
                }
            }
            html.element("dl", .class("figures")) { html in
                html.fact("articles", "\(status.counts.articles)")
                html.fact("versions", "\(status.counts.versions)")
                html.fact("removed", "\(status.counts.removedArticles)")
                html.fact("newest change", "\(status.stream.committed)")
                html.fact("on disk", sizeWords(status.databaseBytes + status.stream.fileBytes))
            }
        }
    }

    private func chart(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "day")) { html in
            html.element("h2", .id("day"), text: "The last 24 hours")
            if chart.total == 0 {
                html.element("p", .class("empty"), text: "No changes.")
            } else {
                html.chart(chart)
            }
            if let cut = chart.cutAtMilliseconds {
                html.element("p", .class("note"), text: "Only the newest changes are counted: those since \(Moment.text(cut)).")
            }
        }
    }

    // MARK: sources and sinks

    private func sources(_ html: inout MarkupWriter) {
        let configured = status.sources.filter(\.source.isSubscribed)
        html.element("section", .named("aria-labelledby", "sources")) { html in
            html.element("h2", .id("sources"), text: "Sources")
            if configured.isEmpty {
                html.element("p", .class("empty")) { html in
                    html.code(within: "Nothing is watched yet. Name a folder or a feed in the settings, and run `tidings reload`.")
                }
                return
            }
            let others = configured.filter { !$0.needsAttention }
            let shown = attention.prefix(Self.sourcesLimit) + others.prefix(max(0, Self.sourcesLimit - attention.count))
            html.sources(shown, moment)
            if shown.count < configured.count {
                html.element("p", .class("more")) { html in
                    html.element("a", .href(.sources), text: "All \(configured.count) sources")
                }
            }
        }
    }

    private func sinks(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "sinks")) { html in
            html.element("h2", .id("sinks"), text: "Sinks")
            html.element("ul", .class("sources")) { html in
                for sink in sinks { html.element("li") { html in self.sink(sink, &html) } }
            }
        }
    }

    private func sink(_ sink: SinkFacts, _ html: inout MarkupWriter) {
        html.badge(sink.stateWords, sink.tone)
        html.element("div") { html in
            html.element("p", .class("heading"), .named("dir", "auto"), text: sink.name)
            html.element("p", .class("facts")) { html in
                html.element("span", text: sink.kind)
                if let lag = sink.lag { html.element("span", text: lag == 0 ? "has all changes" : "\(counted(Int(lag), "change")) behind") }
            }
            if let detail = sink.detail, !detail.isEmpty { html.element("p", .class("detail"), .named("dir", "auto"), text: detail) }
            if let next = sink.nextStep { html.element("p", .class("next")) { $0.code(within: next) } }
        }
    }

    private func changes(_ html: inout MarkupWriter) {
        html.element("section", .named("aria-labelledby", "changes")) { html in
            html.element("h2", .id("changes"), text: "Newest changes")
            if changes.isEmpty {
                html.element("p", .class("empty"), text: "Nothing has happened yet.")
            } else {
                html.changes(changes, moment)
                html.element("p", .class("more")) { html in html.element("a", .href(.changes()), text: "All changes") }
            }
        }
    }
}
