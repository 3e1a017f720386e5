import Glibc

/// Converts legacy charsets to UTF-8 with iconv(3).
enum CharsetConverter {
    /// - Parameters:
    ///   - start: where the text begins in `bytes`.
    ///   - charset: a name that `CharsetLabels` gave.
    ///   - allowedErrors: how many sequences may be replaced by U+FFFD.
    /// - Returns: nil if there are more errors, or if this system does not know the charset.
    static func decode(_ bytes: [UInt8], from start: Int = 0, charset: String, allowedErrors: Int) -> DecodedText? {
        if let text = SingleByteTables.decode(bytes[start...], charset: charset) {
            return DecodedText(utf8: text, charset: charset)
        }
        guard let conversion = Conversion(charset: CharsetLabels.converterName(of: charset)) else { return nil }
        var text = [UInt8](repeating: 0, count: (bytes.count - start) * 2 + 16)
        var filled = 0
        var read = start
        var errors = 0
        while true {
            let step = conversion.run(bytes, from: read, into: &text, at: filled)
            read = step.read
            filled = step.written
            switch step.outcome {
            case .complete:
                text.removeLast(text.count - filled)
                // If a charset is bare numbers ("ISO-10646"), glibc also converts numbers that are no characters.
                guard Charset.isUTF8(text) else { return nil }
                let problems =
                    errors == 0 ? [] : [Problem("\(errors) byte sequences are not \(charset) and were replaced")]
                return DecodedText(utf8: text, charset: charset, problems: problems)
            case .full:
                text += [UInt8](repeating: 0, count: text.count)
            case .invalid:
                errors += 1
                guard errors <= allowedErrors, read < bytes.count else { return nil }
                if text.count - filled < 3 { text += [UInt8](repeating: 0, count: text.count) }
                for byte in [0xEF, 0xBF, 0xBD] as [UInt8] {
                    text[filled] = byte
                    filled += 1
                }
                read = min(read + CharsetLabels.unitBytes(of: charset), bytes.count)
            }
        }
    }
}

/// One iconv descriptor, with a single owner.
@safe private struct Conversion: ~Copyable {
    enum Outcome { case complete, full, invalid }

    private let handle: iconv_t

    init?(charset: String) {
        let opened = unsafe iconv_open("UTF-8", charset)
        // "On error, it [...] returns (iconv_t) -1" (iconv_open(3)).
        guard Int(bitPattern: opened) != -1, let opened = unsafe opened else { return nil }
        unsafe handle = opened
    }

    deinit { unsafe iconv_close(handle) }

    /// Converts `input` from `read` on into `output` from `written` on, as far as possible.
    func run(
        _ input: [UInt8], from read: Int, into output: inout [UInt8], at written: Int
    ) -> (read: Int, written: Int, outcome: Outcome) {
        var inputLeft = input.count - read
        var outputLeft = output.count - written
        var result = 0
        var failure: Int32 = 0
        unsafe input.withUnsafeBytes { source in
            unsafe output.withUnsafeMutableBytes { target in
                // iconv(3) takes a pointer to non-const bytes for historical reasons and does not write through it.
                var from = unsafe source.baseAddress.map {
                    unsafe UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: CChar.self) + read)
                }
                var to = unsafe target.baseAddress.map { unsafe $0.assumingMemoryBound(to: CChar.self) + written }
                result = unsafe iconv(handle, &from, &inputLeft, &to, &outputLeft)
                failure = errno
            }
        }
        let outcome: Outcome =
            // "E2BIG: There is not sufficient room at *outbuf"; EILSEQ and EINVAL report invalid or incomplete input
            // (iconv(3)).
            result != -1 ? .complete : failure == E2BIG ? .full : .invalid
        return (input.count - inputLeft, output.count - outputLeft, outcome)
    }
}
