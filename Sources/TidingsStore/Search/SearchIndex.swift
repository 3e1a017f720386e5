import TidingsCore

/// Why there is no search index to ask.
package enum NoSearchIndexError: Error, Equatable, Sendable {
    /// None was made yet.
    case missing
    /// It is of another version of this program, or damaged: the daemon makes it anew.
    case unusable
}

/// Reads the search index, and the ledger beside it. Used by one thread at a time; each search sees what both have then.
package final class SearchIndex {
    /// A word in a title counts as much as eight in the text, in a name or a tag as four.
    private static let weights = "8.0, 1.0, 4.0"

    private let connection: Connection
    private let ledger: LedgerReader
    private let matches: Statement

    /// - Parameters:
    ///   - path: of the index.
    ///   - ledger: what hits are read from; used by this index's thread only.
    /// - Throws: `NoSearchIndexError`, `StoreError`.
    package init(path: String, ledger: LedgerReader) throws {
        let version: Int64
        do throws(StoreError) {
            connection = try Connection(path: path, access: .read)
            version = try connection.integer("PRAGMA user_version")
        } catch {
            throw Self.translated(error)
        }
        guard version == SearchIndexFile.version else { throw NoSearchIndexError.unusable }
        do throws(StoreError) {
            matches = try connection.prepare(
                """
                SELECT d.article, d.number, bm25(words, \(Self.weights)) AS score FROM words JOIN documents d ON d.document = words.rowid
                WHERE words MATCH ? ORDER BY score, d.document DESC
                """)
        } catch {
            throw Self.translated(error)
        }
        self.ledger = ledger
        connection.watchPlace()
    }

    private static func translated(_ error: StoreError) -> any Error {
        switch error.reason {
        case .cannotOpen: NoSearchIndexError.missing
        case .corrupt: NoSearchIndexError.unusable
        default: error
        }
    }

    /// How far the index is.
    /// - Throws: `NoSearchIndexError`, `StoreError`.
    package func state() throws -> SearchIndexState {
        do throws(StoreError) {
            if let state = try SearchIndexFile.state(connection) { return state }
        } catch {
            throw Self.translated(error)
        }
        throw NoSearchIndexError.missing
    }

    /// How many versions it has.
    package func documents() throws(StoreError) -> Int { Int(try connection.integer("SELECT count(*) FROM documents")) }

    /// How many changes of the ledger the index lacks, as far as that is known: while it is built, all of them.
    package func lag() throws -> Int64 {
        let state = try state()
        let last = try ledger.lastSequence()
        let isOfStream = try state.stream == ledger.stream()
        return state.built == nil && isOfStream ? max(0, last - state.confirmed) : last
    }

    /// Looks for `words`.
    /// - Throws: `NoSearchIndexError`, `StoreError`.
    package func search(_ words: SearchWords, _ filter: SearchFilter = SearchFilter()) throws -> SearchResults {
        let sources = try filter.sources.isEmpty ? nil : ledger.sources().filter { filter.sources.contains($0.name) }.map(\.id)
        let condition = SearchCondition(filter, sources: sources)
        var found: [(candidate: SearchCandidate, score: Double)] = []
        var passed = 0
        var hasMore = false
        var failure: StoreError?
        do throws(StoreError) {
            // Most are decided on few rows of the ledger, and only those that are shown are read whole.
            try matches.each(.text(words.expression)) { row in
                let candidate: SearchCandidate?
                do throws(StoreError) {
                    candidate = try ledger.candidate(row.integer(0), Int(row.integer(1)), condition)
                } catch {
                    failure = error
                    return false
                }
                guard let candidate else { return true }
                if passed < filter.offset {
                    passed += 1
                    return true
                }
                hasMore = found.count == filter.limit
                // BM25 is "multiplied by -1", so that better ones come first (sqlite.org/fts5.html, 5.1.1).
                if !hasMore { found.append((candidate, -row.real(2))) }
                return !hasMore
            }
        } catch {
            throw Self.translated(error)
        }
        if let failure { throw failure }
        var marks = SearchMarks(words)
        let hits = try found.compactMap { try ledger.hit($0.candidate, score: $0.score, &marks) }
        return SearchResults(hits: hits, next: hasMore ? filter.offset + found.count : nil)
    }
}
