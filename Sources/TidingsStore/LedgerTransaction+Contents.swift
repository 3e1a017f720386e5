import TidingsCore

// Reads and writes texts: the rows of `contents`, which never change, and the versions that have them.

/// A row of `contents`.
struct StoredContent {
    let row: Int64
    let form: CanonicalForm
    /// What the next version can be stored as a difference to: its own base, or itself.
    let base: FormBase

    /// The columns that `init` reads of the contents `c`.
    static let columns = "c.content, coalesce(c.base, c.content), \(Schema.formColumns(of: "c"))"

    init(_ columns: borrowing Row) {
        let baseForm = columns.base(2)
        row = columns.integer(0)
        form = CanonicalForm(stored: columns.formBytes(2, besides: baseForm))
        base = FormBase(content: columns.integer(1), form: baseForm ?? form.bytes)
    }
}

extension LedgerTransaction {
    /// The text with this hash; nil if it is not stored any more.
    func form(_ hash: ContentHash) throws(StoreError) -> CanonicalForm? {
        let content = try statements.contentWithHash.first(.blob(hash.bytes)) { StoredContent($0) }
        if content != nil { lastContent = content }
        return content?.form
    }

    private func content(in row: Int64) throws(StoreError) -> StoredContent? {
        // An edit asks twice for the text that it edits.
        if let lastContent, lastContent.row == row { return lastContent }
        lastContent = try statements.contentInRow.first(.integer(row)) { StoredContent($0) }
        return lastContent
    }

    func readVersion(article: Int64, number: Int) throws(StoreError) -> (item: Item, content: StoredContent) {
        let found = try statements.version.first(.integer(article), .integer(Int64(number))) { ($0.text(0), $0.integer(1)) }
        guard let (json, row) = found, let content = try content(in: row) else {
            throw damaged("version \(number) of an article")
        }
        return (ItemRecord.decode(json, form: content.form, rawHash: content.form.hash), content)
    }

    /// The row of the content. A new content is stored.
    /// - Parameter base: what the form may be stored as a difference to.
    func putContent(_ form: CanonicalForm, besides base: FormBase? = nil) throws(StoreError) -> Int64 {
        let hash = SQLValue.blob(form.hash.bytes)
        let frame = frames[form.hash] ?? compressors.forms.frame(of: form.bytes)
        // A base is compared with all that is based on it. When they have little in common any more, another one takes its place.
        let difference = base.flatMap { compressors.forms.frame(of: form.bytes, besides: $0.form) }
        let stored: (encoding: FormEncoding, bytes: [UInt8], base: Int64?) =
            if let base, let difference, difference.count < (frame ?? form.bytes).count / 2 {
                (.difference, difference, base.content)
            } else if let frame { (.frame, frame, nil) } else { (.plain, form.bytes, nil) }
        // Most contents are new, so INSERT comes first; a conflict shows that the content is stored already.
        if let row = try statements.insertContent.insert(
            hash, .integer(stored.encoding.rawValue), .blob(stored.bytes), .optional(stored.base))
        {
            return row
        }
        guard let row = try statements.content.first(hash, read: { $0.integer(0) }) else { throw damaged("a content") }
        return row
    }
}
