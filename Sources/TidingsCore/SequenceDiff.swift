/// Finds what two lists have in common, by the greedy algorithm of E. W. Myers ("An O(ND) Difference Algorithm and Its
/// Variations", 1986), which is fast if the lists differ little. The standard library's `difference(from:)` uses the
/// same algorithm without a bound: two long lists with nothing in common would need gigabytes.
struct SequenceDiff {
    /// A stretch of both lists that is equal, or that differs.
    struct Stretch: Equatable {
        let old: Range<Int>
        let new: Range<Int>
        let isSame: Bool
    }

    /// Most insertions and deletions that are searched for in one pair of lists. The search stores this number squared,
    /// in words.
    private static let editLimit = 1_000
    /// Steps that are left for this comparison, over all pairs of lists.
    private var stepsLeft: Int
    private let dividesLongLists: Bool

    /// - Parameters:
    ///   - steps: how much work all pairs of lists may take together; what is left then counts as different.
    ///   - dividesLongLists: whether lists that differ by more than the limit are divided at what each of them has once.
    ///     What they are then found to share may be less than they do share, never more.
    init(steps: Int = 4_000_000, dividesLongLists: Bool = false) {
        stepsLeft = steps
        self.dividesLongLists = dividesLongLists
    }

    /// Alternating equal and differing stretches that cover both lists in order.
    mutating func stretches(old: [Substring], new: [Substring]) -> [Stretch] {
        let (before, after) = (old.map(Bytes.init), new.map(Bytes.init))
        let prefix = zip(before, after).prefix { $0 == $1 }.count
        let suffix = zip(before.dropFirst(prefix).reversed(), after.dropFirst(prefix).reversed()).prefix { $0 == $1 }.count
        // Most texts are much the same, and only what is left needs a table.
        var names: [Bytes: Int32] = [:]
        func numbers(_ list: [Bytes]) -> [Int32] {
            list[prefix..<(list.count - suffix)].map { element in
                if let known = names[element] { return known }
                let fresh = Int32(names.count)
                names[element] = fresh
                return fresh
            }
        }
        let (a, b) = (numbers(before), numbers(after))

        var list = Stretches()
        list.same(prefix)
        for match in matches(a[...], b[...]) {
            list.differing(upTo: prefix + match.old, prefix + match.new)
            list.same(match.count)
        }
        list.differing(upTo: old.count - suffix, new.count - suffix)
        list.same(suffix)
        return list.list
    }

    private typealias Match = (old: Int, new: Int, count: Int)

    /// The runs that `a` and `b` share, in order.
    private mutating func matches(_ a: ArraySlice<Int32>, _ b: ArraySlice<Int32>) -> [Match] {
        guard !a.isEmpty, !b.isEmpty else { return [] }
        if let found = shortestEdit(from: Array(a), to: Array(b)) {
            return found.map { ($0.old + a.startIndex, $0.new + b.startIndex, $0.count) }
        }
        guard dividesLongLists, stepsLeft > 0 else { return [] }
        stepsLeft -= a.count + b.count
        var list: [Match] = []
        var (x, y) = (a.startIndex, b.startIndex)
        for anchor in anchors(a, b) {
            list += matches(a[x..<anchor.old], b[y..<anchor.new])
            list.append((anchor.old, anchor.new, 1))
            (x, y) = (anchor.old + 1, anchor.new + 1)
        }
        // Without an anchor there is nothing to divide at.
        if !list.isEmpty { list += matches(a[x...], b[y...]) }
        return list
    }

    /// The runs on the shortest way from `a` to `b`; nil if that has more steps than the limit.
    private mutating func shortestEdit(from a: [Int32], to b: [Int32]) -> [Match]? {
        // furthest[k + offset]: how far into `a` a path on the diagonal x - y = k gets with the edits so far.
        let limit = min(Self.editLimit, a.count + b.count)
        let offset = limit + 1
        var furthest = [Int32](repeating: 0, count: 2 * offset + 1)
        var trace: [[Int32]] = []
        for edits in 0...limit {
            trace.append(Array(furthest[(offset - edits)...(offset + edits)]))
            for k in stride(from: -edits, through: edits, by: 2) {
                let goesDown = k == -edits || (k != edits && furthest[offset + k - 1] < furthest[offset + k + 1])
                var x = Int(goesDown ? furthest[offset + k + 1] : furthest[offset + k - 1] + 1)
                while x < a.count, x - k < b.count, a[x] == b[x - k] {
                    x += 1
                    stepsLeft -= 1
                }
                stepsLeft -= 1
                furthest[offset + k] = Int32(x)
                if x == a.count, x - k == b.count { return walkBack(trace, from: (x, x - k)) }
            }
            guard stepsLeft > 0 else { return nil }
        }
        return nil
    }

    /// The diagonal runs of the path that ends at `end`. `trace[d]` is the middle of `furthest` as it was before round
    /// `d`.
    private func walkBack(_ trace: [[Int32]], from end: (x: Int, y: Int)) -> [Match] {
        var matches: [Match] = []
        var (x, y) = end
        for edits in stride(from: trace.count - 1, through: 0, by: -1) {
            let before = trace[edits]
            let k = x - y
            let goesDown = k == -edits || (k != edits && before[edits + k - 1] < before[edits + k + 1])
            let startK = edits == 0 ? 0 : goesDown ? k + 1 : k - 1
            let startX = edits == 0 ? 0 : Int(before[edits + startK])
            let runStart = edits == 0 || goesDown ? startX : startX + 1
            if x > runStart { matches.append((runStart, runStart - k, x - runStart)) }
            (x, y) = (startX, startX - startK)
        }
        return matches.reversed()
    }

    /// Elements that each list has once, as many of them as are in the same order in both (B. Cohen's "patience diff").
    private func anchors(_ a: ArraySlice<Int32>, _ b: ArraySlice<Int32>) -> [(old: Int, new: Int)] {
        let inOld = places(a)
        let inNew = places(b)
        let common = b.indices.compactMap { new -> (old: Int, new: Int)? in
            guard inNew[b[new]] == .some(.some(new)), case .some(.some(let old)) = inOld[b[new]] else { return nil }
            return (old, new)
        }
        return heaviestRise(common.map { ($0.old, 1) }).map { common[$0] }
    }

    /// Where each element stands; nil for one that stands in several places.
    private func places(_ list: ArraySlice<Int32>) -> [Int32: Int?] {
        var places: [Int32: Int?] = [:]
        for index in list.indices {
            if places.updateValue(index, forKey: list[index]) != nil { places.updateValue(nil, forKey: list[index]) }
        }
        return places
    }
}

/// A piece of a text in NFC, in which equal characters are equal bytes: `String` would look whether they are, again and again.
private struct Bytes: Hashable {
    let utf8: Substring.UTF8View

    init(_ text: Substring) { utf8 = text.utf8 }

    static func == (one: Bytes, other: Bytes) -> Bool { one.utf8.elementsEqual(other.utf8) }

    func hash(into hasher: inout Hasher) {
        let isHashed: Void? = unsafe utf8.withContiguousStorageIfAvailable { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if isHashed == nil { utf8.forEach { hasher.combine($0) } }
    }
}

/// Appends stretches, each from where the last one ended.
private struct Stretches {
    var list: [SequenceDiff.Stretch] = []
    private var old = 0
    private var new = 0

    mutating func same(_ count: Int) {
        guard count > 0 else { return }
        list.append(.init(old: old..<(old + count), new: new..<(new + count), isSame: true))
        (old, new) = (old + count, new + count)
    }

    mutating func differing(upTo oldEnd: Int, _ newEnd: Int) {
        guard oldEnd > old || newEnd > new else { return }
        list.append(.init(old: old..<oldEnd, new: new..<newEnd, isSame: false))
        (old, new) = (oldEnd, newEnd)
    }
}
