import TidingsCore

/// Which part of a result a message is; as a header field `<job> <index> <count>`. Results are longer than messages may be.
struct JobPart: Equatable, CustomStringConvertible {
    let job: UInt64
    /// From 0.
    let index: Int
    let count: Int

    init(job: UInt64, index: Int, count: Int) {
        self.job = job
        self.index = index
        self.count = count
    }

    /// Nil if it is none.
    init?(_ text: String) {
        let numbers = text.utf8.split(separator: UInt8(ascii: " ")).compactMap { decimalNumber($0) }
        guard numbers.count == 3, numbers[1] < numbers[2] else { return nil }
        self.init(job: UInt64(numbers[0]), index: numbers[1], count: numbers[2])
    }

    var description: String { "\(job) \(index) \(count)" }
}

/// What came of a job, cut into messages, and how far its delivery is.
struct JobDelivery {
    private let bytes: [UInt8]
    private let partBytes: Int
    private let job: UInt64
    /// Marks all parts of this delivery, and of no other.
    let id: String
    private var index = 0

    init(_ bytes: [UInt8], job: UInt64, id: String, partBytes: Int) {
        self.bytes = bytes
        self.job = job
        self.id = id
        self.partBytes = partBytes
    }

    /// The part that is to be sent, or was sent and is not confirmed.
    var part: JobPart { JobPart(job: job, index: index, count: max(1, (bytes.count + partBytes - 1) / partBytes)) }
    var partOfBytes: [UInt8] { Array(bytes[min(index * partBytes, bytes.count)..<min((index + 1) * partBytes, bytes.count)]) }

    /// Takes the receipt of a part.
    /// - Returns: whether that was the last one.
    mutating func confirm(_ confirmed: Int) -> Bool {
        guard confirmed == index else { return false }
        index += 1
        return index == part.count
    }
}
