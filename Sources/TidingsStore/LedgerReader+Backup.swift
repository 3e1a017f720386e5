import CSQLite

/// Facts about a finished copy of a ledger.
package struct LedgerCopy: Equatable, Sendable {
    package let stream: String
    package let lastSequence: Int64
    package let bytes: Int64
}

extension LedgerReader {
    /// Copies a snapshot of the ledger into the file `path`, which must be empty or absent. The writer goes on meanwhile: in WAL
    /// mode a reader does not block it.
    /// - Throws: `full` and `inputOutput` may be about either of the two files.
    package func copy(to path: String) throws(StoreError) {
        // "The VACUUM INTO command […] works on a snapshot […]. The filename in the INTO clause must not exist or be an empty file"
        // (sqlite.org/lang_vacuum.html).
        try connection.prepare("VACUUM INTO ?").run(.text(path))
    }

    /// Reads a finished copy from its beginning to its end.
    /// - Throws: `corrupt` if SQLite finds anything wrong with it.
    package func checkCopy() throws(StoreError) -> LedgerCopy {
        try quickCheck()
        return LedgerCopy(stream: try stream(), lastSequence: try lastSequence(), bytes: try sizeBytes())
    }

    /// Runs `PRAGMA quick_check`, which reads every page but does not compare indexes with rows.
    /// - Parameter onProgress: called now and then while the check makes progress. SQLite before 3.41 does not call it while it
    ///   walks the pages, only while it reads the rows.
    /// - Throws: `corrupt` if the check finds anything.
    package func quickCheck(onProgress: (() -> Void)? = nil) throws(StoreError) {
        connection.onSteps(onProgress)
        defer { connection.onSteps(nil) }
        onProgress?()
        var message: [String] = []
        try connection.prepare("PRAGMA quick_check(5)").each { row in
            if row.text(0) != "ok" { message.append(row.text(0)) }
            return true
        }
        guard message.isEmpty else {
            throw StoreError(
                reason: .corrupt, attempt: "read all of \(connection.path)", detail: message.joined(separator: "; "))
        }
    }
}
