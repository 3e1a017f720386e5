/// Which of `points` to keep so that their values rise and their weights sum up to the most: positions, in order. Of points
/// with the same weight it is a longest rising subsequence.
/// - Parameter points: in their order; all values differ.
func heaviestRise(_ points: [(value: Int, weight: Int)]) -> [Int] {
    let byValue = points.indices.sorted { points[$0].value < points[$1].value }
    var rank = [Int](repeating: 0, count: points.count)
    for (place, point) in byValue.enumerated() { rank[point] = place + 1 }
    // A tree of maxima over the ranks (P. M. Fenwick, 1994): the heaviest rise that ends at one of them.
    var best = [(weight: Int, point: Int?)](repeating: (0, nil), count: points.count + 1)
    var before = [Int?](repeating: nil, count: points.count)
    var heaviest: (weight: Int, point: Int?) = (0, nil)
    for point in points.indices {
        var found: (weight: Int, point: Int?) = (0, nil)
        var node = rank[point] - 1
        while node > 0 {
            if best[node].weight > found.weight { found = best[node] }
            node &= node - 1
        }
        before[point] = found.point
        let reached = (weight: found.weight + points[point].weight, point: Optional(point))
        if reached.weight > heaviest.weight { heaviest = reached }
        node = rank[point]
        while node < best.count {
            if reached.weight > best[node].weight { best[node] = reached }
            node += node & -node
        }
    }
    var list: [Int] = []
    var next = heaviest.point
    while let point = next {
        list.append(point)
        next = before[point]
    }
    return list.reversed()
}
