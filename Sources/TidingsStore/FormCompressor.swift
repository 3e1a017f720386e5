import CZstd
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

/// Compresses canonical forms. One thread uses it at a time.
@safe package final class FormCompressor {
    private static let level: Int32 = 1
    /// What is shorter is kept as it is.
    private static let leastBytes = 96
    /// A larger form does not leave its memory to those after it.
    private static let keptBytes = 256 << 10
    private let context: OpaquePointer
    /// What a frame is written to before its size is known.
    private var room: [UInt8] = []

    package init() {
        guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("no memory for a compressor") }
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// One frame; nil if that would save nothing.
    /// - Parameter base: a form that has much of this one, and that the reader of the frame has too.
    func compress(_ form: [UInt8], besides base: [UInt8]? = nil) -> [UInt8]? {
        guard form.count >= Self.leastBytes else { return nil }
        if room.count < form.count { room = [UInt8](repeating: 0, count: form.count) }
        defer { if room.count > Self.keptBytes { room = [] } }
        let written = unsafe room.withUnsafeMutableBytes { room in
            unsafe form.withUnsafeBytes { form in
                // A frame that needs more room than the form is not wanted.
                guard let base else { return unsafe ZSTD_compress2(context, room.baseAddress, form.count, form.baseAddress, form.count) }
                return unsafe base.withUnsafeBytes { base in
                    // "Prefix is only used once", and "must outlive compression" (zstd.h).
                    unsafe ZSTD_CCtx_refPrefix(context, base.baseAddress, base.count)
                    return unsafe ZSTD_compress2(context, room.baseAddress, form.count, form.baseAddress, form.count)
                }
            }
        }
        return ZSTD_isError(written) == 0 ? Array(room[..<written]) : nil
    }
}

/// Reads what `FormCompressor` made. One thread uses it at a time.
@safe final class FormDecompressor {
    /// More than any form has. A damaged frame may claim any size.
    private static let limitBytes = 256 << 20
    private let context: OpaquePointer

    init() {
        guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("no memory for a decompressor") }
        unsafe self.context = context
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    /// The form in `frame`; empty, which no form is, if the frame is damaged.
    func decompress(_ frame: UnsafeRawBufferPointer, besides base: [UInt8]? = nil) -> [UInt8] {
        let claimed = unsafe ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        guard claimed <= UInt64(Self.limitBytes) else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(claimed)) { buffer, initialized in
            func decompress() -> Int {
                unsafe ZSTD_decompressDCtx(context, buffer.baseAddress, buffer.count, frame.baseAddress, frame.count)
            }
            let written =
                unsafe base?.withUnsafeBytes { base in
                    unsafe ZSTD_DCtx_refPrefix(context, base.baseAddress, base.count)
                    return decompress()
                } ?? decompress()
            initialized = ZSTD_isError(written) == 0 && written == Int(claimed) ? written : 0
        }
    }

    /// Whether the bytes begin a frame. A form does not: it is UTF-8, and has no byte like the second one after ASCII.
    static func isFrame(_ bytes: UnsafeRawBufferPointer) -> Bool {
        unsafe bytes.count >= 4 && bytes.loadUnaligned(as: UInt32.self) == UInt32(littleEndian: 0xFD2F_B528)  // RFC 8878 §3.1.1
    }
}

extension Row {
    /// The form in three columns, see `Schema.formColumns`. If it is damaged, its hash is not the one that is stored for it.
    func form(_ column: Int32) -> CanonicalForm { CanonicalForm(stored: formBytes(column)) }

    /// The same, without its hash.
    func formBytes(_ column: Int32) -> [UInt8] {
        guard let encoding = FormEncoding(rawValue: integer(column)) else { return [] }
        switch encoding {
        case .plain: return blob(column + 1)
        case .frame: return unsafe withBlob(column + 1) { unsafe forms.decompress($0) }
        case .difference:
            let base = base(column)
            return unsafe withBlob(column + 1) { unsafe forms.decompress($0, besides: base) }
        }
    }

    /// The form of the base; nil if there is none.
    func base(_ column: Int32) -> [UInt8]? {
        unsafe withBlob(column + 2) { base in
            if unsafe base.isEmpty { return nil }
            return unsafe FormDecompressor.isFrame(base) ? forms.decompress(base) : [UInt8](base)
        }
    }
}

extension Report {
    /// Compresses the texts of a document on the thread that has read it, so that the one writer does not have to.
    package mutating func compressTexts(with compressor: FormCompressor) {
        guard case .capture(_, .document(let document)) = finding else { return }
        for case .seen(let item) in document.entries { frames[item.form.hash] = compressor.compress(item.form.bytes) }
    }
}
