import TidingsCore
import TidingsFormats
import TidingsStore

/// The bytes that were read from a source at one moment, with their provenance.
package struct Capture: Sendable {
    package let source: SourceID
    package let kind: SourceKind
    /// Path key below the root, or the feed's URL as configured.
    package let locator: String
    package let bytes: [UInt8]
    /// The hash of `bytes`, which is computed only here.
    package let rawHash: ContentHash
    package let hints: DocumentHints
    /// Fingerprint of the file; nil for feeds.
    package let stamp: UInt64?
    /// Facts about the response; nil for files.
    package let response: ResponseFacts?
    /// Whether all items are read even if the ledger already has these bytes or some of the items.
    package let readsEverything: Bool

    package init(
        source: SourceID, kind: SourceKind, locator: String, bytes: [UInt8], hints: DocumentHints, stamp: UInt64? = nil,
        response: ResponseFacts? = nil, readsEverything: Bool = false
    ) {
        self.source = source
        self.kind = kind
        self.locator = locator
        self.bytes = bytes
        rawHash = ContentHash.of(bytes)
        self.hints = hints
        self.stamp = stamp
        self.response = response
        self.readsEverything = readsEverything
    }

    /// The facts that the ledger keeps of every capture, even one that cannot be read.
    var facts: CaptureFacts {
        CaptureFacts(
            locator: locator, rawHash: rawHash, bytes: bytes.count, stamp: stamp, status: response?.status,
            finalURL: response?.finalURL, etag: response?.etag, lastModified: response?.lastModified)
    }
}

/// What an HTTP response tells about its body.
package struct ResponseFacts: Equatable, Sendable {
    package var status: Int
    package var finalURL: String
    package var etag: String?
    package var lastModified: String?

    package init(status: Int, finalURL: String, etag: String?, lastModified: String?) {
        self.status = status
        self.finalURL = finalURL
        self.etag = etag
        self.lastModified = lastModified
    }
}

extension CaptureFacts {
    /// The facts of a capture that could not be read. They have no validators, because with these the server could answer "not
    /// modified" instead of sending a better document.
    func unreadable(_ message: String) -> CaptureFacts {
        var facts = self
        facts.problems = 1
        facts.problem = message
        facts.etag = nil
        facts.lastModified = nil
        return facts
    }
}

extension CaptureFacts {
    /// Adds how the capture was read. A partial document loses its validators: with these the server would answer "not modified"
    /// for items that were never read.
    mutating func add(_ document: ParsedDocument) {
        format = document.format.rawValue
        problems = document.problems.count
        problem = document.problems.first.map(\.description)
        blocks = document.blockMemory?.bytes
        if document.isPartial {
            etag = nil
            lastModified = nil
        }
    }
}
