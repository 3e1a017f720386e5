/// Makes lines of the pieces that come through a pipe.
package struct LineSplitter {
    private let limitBytes: Int
    private var rest: [UInt8] = []

    /// - Parameter limitBytes: a longer line is given in pieces of that length.
    package init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// The lines that `bytes` end, without their `\n`.
    package mutating func add(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(rest)
                rest = []
            } else {
                if rest.count == limitBytes {
                    lines.append(rest)
                    rest = []
                }
                rest.append(byte)
            }
        }
        return lines
    }

    /// What is left when the pipe has ended: a line without its end.
    package mutating func takeRest() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}
