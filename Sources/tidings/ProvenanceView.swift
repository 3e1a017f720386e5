import TidingsCore
import TidingsStore

// For people: a line for each fact, and an empty one before each place where the article is seen.
extension ArticleProvenance {
    func show() {
        show([
            ("article", "\(article)@\(version.number)"),
            ("committed", localTime(milliseconds: version.committedMilliseconds)),
            ("first seen", localTime(milliseconds: firstSeenMilliseconds)),
            ("last seen", localTime(milliseconds: lastSeenMilliseconds)),
            ("removed", removedMilliseconds.map { localTime(milliseconds: $0) }),
        ])
        for sighting in sightings {
            standardOutput.line("")
            show(facts(sighting) + facts(sighting.capture))
            guard let page = sighting.page else { continue }
            standardOutput.line("")
            show(page.facts + facts(page.capture))
        }
    }

    private func facts(_ sighting: SightingProvenance) -> [(String, String?)] {
        [
            ("source", "\(sighting.source) (\(sighting.kind.rawValue))"),
            ("key", sighting.key),
            ("locator", sighting.locator),
            ("gone", sighting.goneMilliseconds.map { localTime(milliseconds: $0) }),
        ]
    }

    private func facts(_ capture: CaptureProvenance?) -> [(String, String?)] {
        [
            ("captured", capture.map { localTime(milliseconds: $0.capturedMilliseconds) }),
            ("confirmed", capture.map { localTime(milliseconds: $0.confirmedMilliseconds) }),
            ("HTTP status", capture?.status.map(String.init)),
            ("final URL", capture?.finalURL),
            ("ETag", capture?.etag),
            ("Last-Modified", capture?.lastModified),
            ("size", capture.map { sizeWords(Int64($0.bytes)) }),
            ("format", capture.map { $0.format ?? "could not be read" }),
            ("problems", capture.flatMap(Self.problems)),
        ]
    }

    private static func problems(_ capture: CaptureProvenance) -> String? {
        guard let problem = capture.problem else { return capture.problems > 0 ? "\(capture.problems)" : nil }
        return capture.problems > 1 ? "\(problem), and \(capture.problems - 1) more" : problem
    }

    private func show(_ facts: [(name: String, value: String?)]) {
        for (name, value) in facts {
            if let value { standardOutput.line(Style.dim(padded(name, to: 13)) + "  " + printable(value)) }
        }
    }
}
