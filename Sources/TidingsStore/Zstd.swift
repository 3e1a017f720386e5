import CZstd

/// Makes zstd frames (RFC 8878). One thread uses it at a time.
@safe package final class Compressor {
    /// What is shorter is kept as it is.
    private static let leastBytes = 96
    /// A longer input does not leave its memory to those after it.
    private static let keptBytes = 256 << 10
    private let context: OpaquePointer
    /// What a frame is written to before its size is known.
    private var room: [UInt8] = []

    /// - Parameters:
    ///   - level: from 1, the fastest, to 19.
    ///   - dictionary: what all inputs have much of, and what the reader of the frames has, too.
    init(level: Int32, dictionary: [UInt8] = []) {
        guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("no memory for a compressor") }
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        let result = unsafe dictionary.withUnsafeBytes { unsafe ZSTD_CCtx_loadDictionary(context, $0.baseAddress, $0.count) }
        guard ZSTD_isError(result) == 0 else { preconditionFailure("no memory for a dictionary") }
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// One frame; nil if that would save nothing.
    /// - Parameter base: what has much of the input and takes the place of the dictionary. The reader of the frame has it, too.
    func frame(of bytes: [UInt8], besides base: [UInt8]? = nil) -> [UInt8]? {
        guard bytes.count >= Self.leastBytes else { return nil }
        if room.count < bytes.count { room = [UInt8](repeating: 0, count: bytes.count) }
        defer { if room.count > Self.keptBytes { room = [] } }
        let written = unsafe room.withUnsafeMutableBytes { room in
            unsafe bytes.withUnsafeBytes { bytes in
                // A frame that needs more room than the input is not wanted.
                guard let base else { return unsafe ZSTD_compress2(context, room.baseAddress, bytes.count, bytes.baseAddress, bytes.count) }
                return unsafe base.withUnsafeBytes { base in
                    // "Prefix is only used once", and "must outlive compression" (zstd.h).
                    unsafe ZSTD_CCtx_refPrefix(context, base.baseAddress, base.count)
                    return unsafe ZSTD_compress2(context, room.baseAddress, bytes.count, bytes.baseAddress, bytes.count)
                }
            }
        }
        return ZSTD_isError(written) == 0 ? Array(room[..<written]) : nil
    }
}

/// Reads what `Compressor` made. One thread uses it at a time.
@safe final class Decompressor {
    /// More than any form has.
    static let formLimitBytes = 256 << 20
    private let limitBytes: Int
    private let context: OpaquePointer
    /// By the number that a frame gives of its dictionary; 0 is that of frames that give none.
    private let dictionaries: [UInt32: OpaquePointer]

    /// - Parameters:
    ///   - limitBytes: the most that is believed of a frame. A damaged one may claim any size.
    ///   - dictionaries: what the frames were made with; none for frames without one.
    init(limitBytes: Int = formLimitBytes, dictionaries: [[UInt8]] = []) {
        self.limitBytes = limitBytes
        guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("no memory for a decompressor") }
        unsafe self.context = context
        unsafe self.dictionaries = unsafe Dictionary(
            uniqueKeysWithValues: dictionaries.map { bytes in
                guard let dictionary = unsafe bytes.withUnsafeBytes({ unsafe ZSTD_createDDict($0.baseAddress, $0.count) }) else {
                    preconditionFailure("no memory for a dictionary")
                }
                return unsafe (ZSTD_getDictID_fromDDict(dictionary), dictionary)
            })
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
        unsafe dictionaries.values.forEach { unsafe ZSTD_freeDDict($0) }
    }

    /// What is in `frame`; empty, which nothing that is stored is, if the frame is damaged.
    func bytes(of frame: UnsafeRawBufferPointer, besides base: [UInt8]? = nil) -> [UInt8] {
        let claimed = unsafe ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        guard claimed <= UInt64(limitBytes) else { return [] }
        let dictionary = unsafe dictionaries[ZSTD_getDictID_fromFrame(frame.baseAddress, frame.count)]
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(claimed)) { buffer, initialized in
            let written =
                unsafe base?.withUnsafeBytes { base in
                    unsafe ZSTD_DCtx_refPrefix(context, base.baseAddress, base.count)
                    return unsafe ZSTD_decompressDCtx(context, buffer.baseAddress, buffer.count, frame.baseAddress, frame.count)
                } ?? ZSTD_decompress_usingDDict(
                    context, buffer.baseAddress, buffer.count, frame.baseAddress, frame.count, dictionary)
            initialized = ZSTD_isError(written) == 0 && written == Int(claimed) ? written : 0
        }
    }

    /// What is in `stored`, which is a frame, or UTF-8 as it is.
    func bytes(ofStored stored: UnsafeRawBufferPointer) -> [UInt8] {
        unsafe Self.isFrame(stored) ? bytes(of: stored) : [UInt8](stored)
    }

    /// Whether the bytes begin a frame. UTF-8 does not: it has no byte like the second one after ASCII.
    static func isFrame(_ bytes: UnsafeRawBufferPointer) -> Bool {
        unsafe bytes.count >= 4 && bytes.loadUnaligned(as: UInt32.self) == UInt32(littleEndian: 0xFD2F_B528)  // RFC 8878 §3.1.1
    }
}
