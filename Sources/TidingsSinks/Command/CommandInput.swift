import Glibc
import TidingsStream
import TidingsSystem

/// The lines on their way into a program's standard input: one batch at a time.
struct CommandInput {
    /// The newest change whose line was written whole.
    private(set) var given: Int64
    /// What is not written; its indices are those of the batch.
    private var pending: ArraySlice<UInt8> = []
    /// Where in the batch the next line begins that is not written whole.
    private var begin = 0
    /// The changes of the batch that are not written whole, and where in the batch their lines end.
    private var ends: ArraySlice<(sequence: Int64, end: Int)> = []

    /// - Parameter given: the change that the program has already.
    init(after given: Int64) { self.given = given }

    var isEmpty: Bool { pending.isEmpty }

    /// - Precondition: the batch before is written.
    mutating func put(_ lines: [CommittedLine]) {
        precondition(isEmpty, "a second batch")
        var bytes: [UInt8] = []
        var ends: [(sequence: Int64, end: Int)] = []
        for line in lines {
            bytes += line.bytes
            ends.append((line.sequence, bytes.count))
        }
        pending = bytes[...]
        begin = 0
        self.ends = ends[...]
    }

    /// Whether there is a line that is written in part: it is larger than the pipe, or the program does not read.
    var hasBegunLine: Bool { !ends.isEmpty && pending.startIndex > begin }

    /// Drops the lines of which nothing is written.
    mutating func keepBegunLine() {
        guard let line = ends.first else { return }
        let isBegun = hasBegunLine
        pending = isBegun ? pending[..<line.end] : []
        ends = isBegun ? ends.prefix(1) : []
    }

    /// Writes as much as there is room for.
    /// - Returns: false if nobody reads.
    mutating func write(to descriptor: Int32) -> Bool {
        while !pending.isEmpty {
            let count = unsafe pending.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN
            }
            pending = pending.dropFirst(count)
            while let line = ends.first, line.end <= pending.startIndex {
                given = line.sequence
                begin = line.end
                ends = ends.dropFirst()
            }
        }
        return true
    }
}
