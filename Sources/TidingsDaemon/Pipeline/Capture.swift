import TidingsCore
import TidingsFormats
import TidingsStore

/// The bytes that were read from a source at one moment.
package struct Capture: Sendable {
    package let source: SourceID
    package let kind: SourceKind
    /// Path key below the root, or the feed's URL as configured.
    package let locator: String
    package let bytes: [UInt8]
    /// Of `bytes`. They are hashed here, and nowhere again.
    package let rawHash: ContentHash
    package let hints: DocumentHints
    /// Fingerprint of the file; nil for feeds.
    package let stamp: UInt64?
    /// Of the response; nil for files.
    package let response: ResponseFacts?
    /// Whether it is read to its end although the ledger knows these bytes, or items in them.
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

    /// What the ledger keeps of the capture whatever can be read of it.
    var facts: CaptureFacts {
        CaptureFacts(
            locator: locator, rawHash: rawHash, bytes: bytes.count, stamp: stamp, status: response?.status,
            finalURL: response?.finalURL, etag: response?.etag, lastModified: response?.lastModified)
    }
}

/// What a response says of its bytes.
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
    /// Nothing of the capture could be read. It proves nothing, and its validators would keep a better one away.
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
    /// What the capture was read as. A part of a document must not have validators: a server would answer "not modified" to what
    /// was never read.
    mutating func add(_ document: ParsedDocument) {
        format = document.format.rawValue
        problems = document.problems.count
        problem = document.problems.first.map(\.description)
        if document.isPartial {
            etag = nil
            lastModified = nil
        }
    }
}
