/// Which files of a folder are looked at: those that an include pattern matches and no exclude pattern does. Never those with a
/// hidden name or one that programs use while they write a file. See `Glob` for the patterns.
///
/// An excluded folder excludes all that lies below it.
package struct PathRules: Sendable {
    private let include: [Glob]
    private let exclude: [Glob]
    private let includesAll: Bool

    /// - Parameter include: no patterns include everything.
    package init(include: [String] = ["**/*"], exclude: [String] = []) throws(GlobError) {
        self.include = try include.map { pattern throws(GlobError) in try Glob(pattern) }
        self.exclude = try exclude.map { pattern throws(GlobError) in try Glob(pattern) }
        includesAll = self.include.isEmpty || self.include.contains(where: \.matchesAll)
    }

    private init() {
        include = []
        exclude = []
        includesAll = true
    }

    /// Everything but hidden and temporary names.
    package static let everything = PathRules()

    /// Whether the file at `path` is looked at. The rules for its folders are applied, too.
    package func admits(file path: RawPath) -> Bool {
        var end = 0
        while let next = path[end...].firstIndex(of: slash) {
            guard admits(entryFolder: RawPath(path[..<next])) else { return false }
            end = next + 1
        }
        return admits(entryFile: path)
    }

    /// Whether the folder at `path` is scanned. The rules for the folders above it are applied, too.
    package func admits(folder path: RawPath) -> Bool {
        guard let last = path.lastIndex(of: slash) else { return admits(entryFolder: path) }
        return admits(entryFolder: path) && admits(folder: RawPath(path[..<last]))
    }

    /// Whether the file at `path` is looked at. For callers that have applied the rules for its folders already.
    func admits(entryFile path: RawPath) -> Bool {
        if nameWaits(path) { return false }
        if !includesAll, !include.contains(where: { $0.matches(path) }) { return false }
        return exclude.isEmpty || !exclude.contains { $0.matches(path) }
    }

    func admits(entryFolder path: RawPath) -> Bool {
        // The root has no name here: a person named it, and no rule is about it.
        if path.isEmpty { return true }
        if path[nameStart(path)] == UInt8(ascii: ".") { return false }
        return exclude.isEmpty || !exclude.contains { $0.matches(path) }
    }

    /// Whether the last part of `path` is hidden, or a name that editors, browsers and copiers use until a file is whole.
    private func nameWaits(_ path: RawPath) -> Bool {
        let start = nameStart(path)
        guard start < path.count, let last = path.last else { return true }
        if path[start] == UInt8(ascii: ".") { return true }
        switch last {
        case UInt8(ascii: "~"): return true
        case UInt8(ascii: "#"): return path[start] == last
        // The last letters of the suffixes, which most names do not end in.
        case UInt8(ascii: "p"), UInt8(ascii: "t"), UInt8(ascii: "l"), UInt8(ascii: "d"):
            return Self.suffixes.contains { suffix in
                path.count - start > suffix.count && path[(path.count - suffix.count)...].elementsEqual(suffix)
            }
        default: return false
        }
    }

    private static let suffixes = [".tmp", ".swp", ".part", ".partial", ".crdownload"].map { Array($0.utf8) }

    private func nameStart(_ path: RawPath) -> Int { path.lastIndex(of: slash).map { $0 + 1 } ?? 0 }
}
