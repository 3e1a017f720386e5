/// Two forms of one paragraph.
struct ParagraphPair: Equatable {
    let old: Int
    let new: Int
    /// The gap in which both stand; nil if they stand in two.
    let gap: Int?
    /// How many words of a thousand they share.
    let likeness: Int
    let words: Int

    /// Whether one may count as the other in another place: there, chance has more paragraphs to choose from.
    var isLikeAfterMove: Bool { likeness >= 700 && words >= 6 }
    fileprivate var isLike: Bool { gap == nil ? isLikeAfterMove : likeness >= 400 }
    /// The order in which pairs are taken.
    fileprivate var rank: Int { likeness + (gap == nil ? 0 : 150) }
}

/// Pairs each paragraph with its nearest former form, the nearest pairs first. Only pairs that may be near are compared: all within
/// a small gap; else those that share two neighbouring words that few have, or that have the same place in the gap. So the work
/// grows with the length of the texts, not with its square.
struct NearestParagraphs {
    /// Old and new paragraphs of a gap that are all compared with each other, at most.
    private static let smallGap = 400
    /// Two neighbouring words that more paragraphs have lead to none of them.
    private static let commonPlaces = 8
    /// How many of the paragraphs that share most neighbouring words are compared.
    private static let candidates = 4

    private(set) var pairs: [ParagraphPair] = []
    /// Numbers of the words of each paragraph, sorted.
    private var oldWords: [Int: [Int32]] = [:]
    private var newWords: [Int: [Int32]] = [:]

    init(old: [Substring], new: [Substring], gaps: [(old: [Int], new: [Int])]) {
        var names: [Substring: Int32] = [:]
        var oldNeighbours: [Neighbours] = []
        var newNeighbours: [Neighbours] = []
        for x in gaps.lazy.flatMap(\.old) {
            let numbers = Self.numbers(old[x], &names)
            oldNeighbours += Self.neighbours(numbers, x)
            oldWords[x] = numbers.sorted()
        }
        for y in gaps.lazy.flatMap(\.new) {
            let numbers = Self.numbers(new[y], &names)
            newNeighbours += Self.neighbours(numbers, y)
            newWords[y] = numbers.sorted()
        }
        var gapOfOld: [Int: Int] = [:]
        var gapOfNew: [Int: Int] = [:]
        for (number, gap) in gaps.enumerated() {
            for x in gap.old { gapOfOld[x] = number }
            for y in gap.new { gapOfNew[y] = number }
        }
        var couples = Self.couples(oldNeighbours, newNeighbours)
        for gap in gaps { couples.formUnion(Self.couples(in: gap)) }
        let pairs = couples.compactMap { couple -> ParagraphPair? in
            let (bag, other) = (oldWords[couple.old] ?? [], newWords[couple.new] ?? [])
            let gap = gapOfOld[couple.old] == gapOfNew[couple.new] ? gapOfOld[couple.old] : nil
            let pair = ParagraphPair(
                old: couple.old, new: couple.new, gap: gap, likeness: Self.likeness(bag, other), words: min(bag.count, other.count))
            return pair.isLike ? pair : nil
        }
        choose(from: pairs)
    }

    private mutating func choose(from all: [ParagraphPair]) {
        var takenOld: Set<Int> = []
        var takenNew: Set<Int> = []
        let nearestFirst = all.sorted { ($1.rank, $0.new, $0.old) < ($0.rank, $1.new, $1.old) }
        for pair in nearestFirst where !takenOld.contains(pair.old) && !takenNew.contains(pair.new) {
            takenOld.insert(pair.old)
            takenNew.insert(pair.new)
            pairs.append(pair)
        }
    }

    /// Adds to each of `edits` the paragraphs beside it that it was divided into, or was made of.
    /// - Parameter free: the paragraphs that belong to nothing.
    func extend(_ edits: inout [ParagraphMatches.Edit], free: (old: Set<Int>, new: Set<Int>)) {
        var free = free
        for edit in edits {
            free.old.subtract(edit.old)
            free.new.subtract(edit.new)
        }
        for index in edits.indices {
            var edit = edits[index]
            var bag = (old: oldWords[edit.old.lowerBound] ?? [], new: newWords[edit.new.lowerBound] ?? [])
            var likeness = Self.likeness(bag.old, bag.new)
            /// Whether the edit is clearer with these words in it.
            func gains(_ old: [Int32], _ new: [Int32]) -> Bool {
                let more = Self.likeness(old, new)
                guard more >= likeness + 50 else { return false }
                (bag.old, bag.new, likeness) = (old, new, more)
                return true
            }
            for step in [1, -1] {
                while edit.old.count == 1, let y = edit.new.neighbour(step), free.new.contains(y),
                    gains(bag.old, (bag.new + (newWords[y] ?? [])).sorted())
                {
                    free.new.remove(y)
                    edit.new = edit.new.extended(by: step)
                }
                while edit.new.count == 1, let x = edit.old.neighbour(step), free.old.contains(x),
                    gains((bag.old + (oldWords[x] ?? [])).sorted(), bag.new)
                {
                    free.old.remove(x)
                    edit.old = edit.old.extended(by: step)
                }
            }
            edits[index] = edit
        }
    }

    private static func numbers(_ paragraph: Substring, _ names: inout [Substring: Int32]) -> [Int32] {
        words(paragraph, keepingNumbers: true).filter(isWord).map { word in
            if let known = names[word] { return known }
            let fresh = Int32(names.count) + 1
            names[word] = fresh
            return fresh
        }
    }

    /// Words that the bags share, of a thousand (L. R. Dice's coefficient).
    private static func likeness(_ one: [Int32], _ other: [Int32]) -> Int {
        guard !one.isEmpty, !other.isEmpty else { return 0 }
        var (x, y, common) = (0, 0, 0)
        while x < one.count, y < other.count {
            if one[x] == other[y] { common += 1 }
            let (left, right) = (one[x], other[y])
            if left <= right { x += 1 }
            if right <= left { y += 1 }
        }
        return 2000 * common / (one.count + other.count)
    }

    // MARK: which paragraphs may be near

    private struct Couple: Hashable {
        let old: Int
        let new: Int
    }

    /// Two words beside each other, and the paragraph in which they stand.
    private struct Neighbours {
        let words: UInt64
        let paragraph: Int
    }

    /// The ends of the paragraph count as words.
    private static func neighbours(_ numbers: [Int32], _ paragraph: Int) -> [Neighbours] {
        zip([0] + numbers, numbers + [0]).map { left, right in
            Neighbours(words: UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)), paragraph: paragraph)
        }
    }

    private static func couples(in gap: (old: [Int], new: [Int])) -> [Couple] {
        if gap.old.count * gap.new.count <= smallGap {
            return gap.old.flatMap { x in gap.new.map { Couple(old: x, new: $0) } }
        }
        return zip(gap.old, gap.new).map { Couple(old: $0, new: $1) }
            + zip(gap.old.reversed(), gap.new.reversed()).map { Couple(old: $0, new: $1) }
    }

    private static func couples(_ old: [Neighbours], _ new: [Neighbours]) -> Set<Couple> {
        let old = old.sorted { $0.words < $1.words }
        let new = new.sorted { $0.words < $1.words }
        // Which new paragraph shares words with which old one, once for each two words.
        var shared: [Couple] = []
        var (x, y) = (0, 0)
        while x < old.count, y < new.count {
            let words = min(old[x].words, new[y].words)
            let (oldStart, newStart) = (x, y)
            while x < old.count, old[x].words == words { x += 1 }
            while y < new.count, new[y].words == words { y += 1 }
            guard x - oldStart <= commonPlaces, y - newStart <= commonPlaces else { continue }
            for one in old[oldStart..<x] {
                for other in new[newStart..<y] { shared.append(Couple(old: one.paragraph, new: other.paragraph)) }
            }
        }
        shared.sort { ($0.new, $0.old) < ($1.new, $1.old) }
        var counts: [(couple: Couple, count: Int)] = []
        for couple in shared {
            if let last = counts.last, last.couple == couple { counts[counts.count - 1].count += 1 } else { counts.append((couple, 1)) }
        }
        var couples: Set<Couple> = []
        var start = 0
        while start < counts.count {
            let end = counts[start...].firstIndex { $0.couple.new != counts[start].couple.new } ?? counts.count
            let most = counts[start..<end].sorted { ($1.count, $0.couple.old) < ($0.count, $1.couple.old) }.prefix(candidates)
            couples.formUnion(most.map(\.couple))
            start = end
        }
        return couples
    }
}

extension Range<Int> {
    /// The number after the last, or before the first.
    fileprivate func neighbour(_ step: Int) -> Int? { step > 0 ? upperBound : lowerBound - 1 }

    fileprivate func extended(by step: Int) -> Self { step > 0 ? lowerBound..<upperBound + 1 : lowerBound - 1..<upperBound }
}
