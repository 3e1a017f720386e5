/// Articles that nobody wrote: words put together by a generator that starts from the article's number, so that each is another
/// one and all are the same in every run. In the shape of news: a title, a dateline, paragraphs of some sentences.
struct SampleText {
    static let bytes = 4_096

    private static let words = """
        after agency ahead airport along announced annual area around average began border bridge budget building capital \
        central change city close coast company concert council country court culture current customers daily data \
        decision demand district early economy education energy engineers estimate exhibition export factory farmers \
        festival figures final firms forecast foreign forum fuel future government grain group growth harbour harvest \
        health higher history hospital hotel housing industry investment island journey labour language large late \
        library lower main market meeting members minister mountain museum music national network north number officials \
        opened orchestra owners park partners passengers percent planned police port power prices producers production \
        programme project prospects public quarter railway rain record reform region report residents results review \
        river pipeline rules school science season second senior service several share ship small south station steel storm \
        street students summer supply support survey system teachers technology theatre tourism town trade traffic train \
        transport university valley village visitors water weather week winter workers world year young
        """.split(separator: " ").map { Array($0.utf8) }

    private var state: UInt64
    private let size: Int

    /// Article `number`, in as many bytes; at least some hundred.
    static func article(_ number: Int, bytes: Int = SampleText.bytes) -> [UInt8] {
        var generator = SampleText(state: UInt64(number), size: bytes)
        return generator.write(number)
    }

    private mutating func write(_ number: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(size)
        sentence(6, into: &text)
        text.append(contentsOf: " \(number)\n\nCAPITAL, \(1 + number % 28) March 2026 - ".utf8)
        while text.count < size - 160 {
            for _ in 0..<(3 + pick(4)) where text.count < size - 160 {
                sentence(8 + pick(12), into: &text)
                text.append(contentsOf: ". ".utf8)
            }
            text.append(contentsOf: "\n\n".utf8)
        }
        while text.count < size - 2 { text.append(contentsOf: Self.words[pick(Self.words.count)] + [0x20]) }
        text.removeLast(text.count - (size - 2))
        text.append(contentsOf: ".\n".utf8)
        return text
    }

    private mutating func sentence(_ count: Int, into text: inout [UInt8]) {
        let start = text.count
        for position in 0..<count {
            if position > 0 { text.append(0x20) }
            text.append(contentsOf: Self.words[pick(Self.words.count)])
        }
        text[start] &= ~0x20
    }

    /// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    private mutating func pick(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(count))
    }
}
