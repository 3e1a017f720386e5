import TidingsCore

// How the ledger keeps canonical forms: as they are, as one zstd frame (RFC 8878), or as a frame that has only what differs from
// another form, its base. A base never has a base itself, so that no text is more than two frames away.
//
// Of 4 kB of English, level 1 leaves two fifths. Level 6 leaves a hundredth less and takes three times as long. An edit of one sentence
// leaves 50 to 100 bytes, however long the text is.

/// `contents.encoding`.
enum FormEncoding: Int64 {
    case plain = 0, frame = 1, difference = 2
}

/// A stored form that others can be stored as a difference to.
struct FormBase {
    /// Its row in `contents`.
    let content: Int64
    let form: [UInt8]
}

extension Compressor {
    /// One for canonical forms.
    package static func forForms() -> Compressor { Compressor(level: 1) }
}

extension Row {
    /// The form in three columns, see `Schema.formColumns`. If it is damaged, its hash is not the one that is stored for it.
    func form(_ column: Int32) -> CanonicalForm { CanonicalForm(stored: formBytes(column)) }

    /// The same, without its hash.
    func formBytes(_ column: Int32) -> [UInt8] { formBytes(column, besides: base(column)) }

    /// - Parameter base: the form of the base, if there is one.
    func formBytes(_ column: Int32, besides base: [UInt8]?) -> [UInt8] {
        guard let encoding = FormEncoding(rawValue: integer(column)) else { return [] }
        switch encoding {
        case .plain: return blob(column + 1)
        case .frame: return unsafe withBlob(column + 1) { unsafe forms.bytes(of: $0) }
        case .difference:
            return unsafe withBlob(column + 1) { unsafe forms.bytes(of: $0, besides: base) }
        }
    }

    /// The form of the base; nil if there is none.
    func base(_ column: Int32) -> [UInt8]? {
        unsafe withBlob(column + 2) { unsafe $0.isEmpty ? nil : forms.bytes(ofStored: $0) }
    }
}

extension Report {
    /// Compresses the texts of a document on the thread that has read it, so that the one writer does not have to.
    package mutating func compressTexts(with compressor: Compressor) {
        guard case .capture(_, .document(let document)) = finding else { return }
        for case .seen(let item) in document.entries { frames[item.form.hash] = compressor.frame(of: item.form.bytes) }
    }
}
