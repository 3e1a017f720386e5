/// A shorter list of operations that still goes wrong: leaves out what can be left out, in ever smaller pieces, until no single one
/// can.
func shrink(_ steps: [Step], in place: Place) async -> (steps: [Step], message: String)? {
    guard var message = await History.run(steps, in: place, isThorough: true) else { return nil }
    var kept = steps
    var size = max(1, kept.count / 2)
    while true {
        var start = 0
        var hasShrunk = false
        while start < kept.count {
            var fewer = kept
            fewer.removeSubrange(start..<min(start + size, kept.count))
            if let wrong = await History.run(fewer, in: place, isThorough: true) {
                (kept, message, hasShrunk) = (fewer, wrong, true)
            } else {
                start += size
            }
        }
        if size == 1, !hasShrunk { break }
        size = max(1, size / 2)
    }
    for position in kept.indices where kept[position].fault != nil {
        var fewer = kept
        fewer[position].fault = nil
        if let wrong = await History.run(fewer, in: place, isThorough: true) { (kept, message) = (fewer, wrong) }
    }
    return (kept, message)
}
