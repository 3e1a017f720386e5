/// The name of `known` that `name` is probably a misspelling of: the nearest one, the first of equally near ones. Nil if more than
/// a third of the letters differ, because a bad guess misleads more than none.
package func nearestName(to name: String, of known: [String]) -> String? {
    let ranked = known.map { (name: $0, distance: editDistance(name, $0)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, max(name.utf8.count, best.name.utf8.count) / 3) ? best.name : nil
}

/// The smallest number of insertions, deletions, replacements and swaps of neighbours that turn `left` into `right` (optimal string
/// alignment distance, over bytes). Only the first 64 bytes are compared, because no setting has a longer name.
private func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8.prefix(64))
    let right = Array(right.utf8.prefix(64))
    var twoAbove: [Int] = []
    var above = Array(0...right.count)
    for i in left.indices {
        var row = [i + 1]
        for j in right.indices {
            var cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, twoAbove[j - 1] + 1) }
            row.append(cost)
        }
        twoAbove = above
        above = row
    }
    return above[right.count]
}
