import TidingsCore

// Keys are a contract: fields may be added, none is renamed.
extension ArticleProvenance {
    /// One JSON object.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("article", article.description)
            version.write(into: &json)
            json.field("first_seen", Self.time(firstSeenMilliseconds))
            json.field("last_seen", Self.time(lastSeenMilliseconds))
            json.field("removed", removedMilliseconds.map(Self.time))
            json.array("sightings", sightings) { json, sighting in json.object { json in Self.write(sighting, into: &json) } }
        }
        return json.bytes
    }

    private static func write(_ sighting: SightingProvenance, into json: inout JSONWriter) {
        json.field("source", sighting.source)
        json.field("kind", sighting.kind.rawValue)
        json.field("key", sighting.key)
        json.field("locator", sighting.locator)
        json.field("first_seen", time(sighting.firstSeenMilliseconds))
        json.field("last_seen", time(sighting.lastSeenMilliseconds))
        json.field("gone", sighting.goneMilliseconds.map(time))
        if let capture = sighting.capture { json.object("capture") { write(capture, into: &$0) } }
        if let page = sighting.page { json.object("page") { write(page, into: &$0) } }
    }

    private static func write(_ capture: CaptureProvenance, into json: inout JSONWriter) {
        json.field("captured", time(capture.capturedMilliseconds))
        json.field("confirmed", time(capture.confirmedMilliseconds))
        json.field("http_status", capture.status)
        json.field("final_url", capture.finalURL)
        json.field("etag", capture.etag)
        json.field("last_modified", capture.lastModified)
        json.field("size_bytes", capture.bytes)
        json.field("format", capture.format)
        json.field("problems", capture.problems)
        json.field("problem", capture.problem)
    }

    private static func write(_ page: PageProvenance, into json: inout JSONWriter) {
        let state = page.state
        json.field("url", page.locator)
        json.field("moved_to", state.redirects.movedTo)
        json.field("gives_text", page.givesText)
        json.field("last_look", state.lastAttempt.map(time))
        json.field("http_status", state.lastStatus)
        json.field("problem", state.problem)
        json.field("last_success", state.lastSuccess.map(time))
        if let doubt = state.doubt {
            json.object("doubt") { json in
                json.field("reason", doubt.reason.rawValue)
                json.field("looks", doubt.looks)
                json.field("since", time(doubt.since))
            }
        }
        if let absence = state.absence {
            json.object("absence") { json in
                json.field("looks", absence.looks)
                json.field("since", time(absence.since))
            }
        }
        json.field("next_look", state.nextLook.map(time))
        json.field("next_look_reason", state.dueReason.rawValue)
        if let capture = page.capture { json.object("capture") { write(capture, into: &$0) } }
    }

    private static func time(_ milliseconds: Int64) -> String { rfc3339(milliseconds: milliseconds, fraction: true) }
}
