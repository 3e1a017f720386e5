/// Which folder each watch is on, by path; both ways, because events name the watch and a rename names the path.
struct WatchTree {
    private var paths: [Int32: RawPath] = [:]
    private var watches: [RawPath: Int32] = [:]

    var count: Int { paths.count }

    func path(of watch: Int32) -> RawPath? { paths[watch] }

    /// Notes that `watch` is on the folder now at `path`. It may have been at another one, and another folder at this one.
    mutating func set(_ watch: Int32, _ path: RawPath) {
        if let old = paths[watch], old != path, watches[old] == watch { watches[old] = nil }
        paths[watch] = path
        watches[path] = watch
    }

    mutating func remove(_ watch: Int32) {
        guard let path = paths.removeValue(forKey: watch), watches[path] == watch else { return }
        watches[path] = nil
    }

    /// Takes out the watches on `folder` and all below it, and gives them back.
    mutating func removeSubtree(_ folder: RawPath) -> [Int32] {
        let removed = paths.filter { $0.value.isAtOrBelow(folder) }.map(\.key)
        for watch in removed { remove(watch) }
        return removed
    }
}
