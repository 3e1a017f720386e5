import TidingsWatch

/// The renames of files and folders that the kernel told of a moment ago. A file that was renamed and edited before it was
/// looked at has neither its old path nor its old content.
struct Renames {
    /// How long one is kept. Its file may be looked at only when it has settled.
    private static let keeping = Duration.seconds(60)
    private static let limit = 65_536
    /// A file may be renamed several times, or be in renamed folders, before it is looked at.
    private static let chainLimit = 16

    private var origins: [RawPath: (old: RawPath, at: ContinuousClock.Instant)] = [:]

    /// - Parameter pairs: old paths by the new ones.
    mutating func add(_ pairs: [RawPath: RawPath], at now: ContinuousClock.Instant) {
        origins = origins.filter { now - $0.value.at < Self.keeping }
        if origins.count > Self.limit { origins = [:] }
        for (new, old) in pairs { origins[new] = (old, now) }
    }

    /// Of `paths`, those that were renamed from one of `missing`, each with the old path.
    func of(_ paths: some Sequence<RawPath>, from missing: Set<RawPath>) -> [RawPath: RawPath] {
        guard !origins.isEmpty, !missing.isEmpty else { return [:] }
        var found: [RawPath: RawPath] = [:]
        for path in paths {
            if let old = origin(of: path, in: missing) { found[path] = old }
        }
        return found
    }

    private func origin(of path: RawPath, in missing: Set<RawPath>) -> RawPath? {
        var path = path
        for _ in 0..<Self.chainLimit {
            guard let old = step(from: path) else { return nil }
            if missing.contains(old) { return old }
            path = old
        }
        return nil
    }

    /// The path before the last rename of the file itself, or of the nearest folder that it is in.
    private func step(from path: RawPath) -> RawPath? {
        if let old = origins[path]?.old { return old }
        var folder = path[...]
        while let slash = folder.lastIndex(of: UInt8(ascii: "/")) {
            folder = folder[..<slash]
            if let old = origins[RawPath(folder)]?.old { return old + path[slash...] }
        }
        return nil
    }
}

/// The files of a folder that are missing now, for those that are read.
struct MissingFiles: Sendable {
    let locators: Set<String>
    /// By the locator of a file, the missing one that the kernel says it was.
    let renamed: [String: String]

    init(_ paths: Set<RawPath>, renames: [RawPath: RawPath] = [:]) {
        locators = Set(paths.map(pathKey))
        renamed = Dictionary(
            renames.map { (pathKey($0.key), pathKey($0.value)) }, uniquingKeysWith: { first, _ in first })
    }
}
