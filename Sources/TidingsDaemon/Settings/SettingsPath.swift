import TidingsSystem

/// Makes the paths of settings absolute, and compares them. Only `real` reads the file system: what is written in a settings file means
/// the same on every machine.
enum SettingsPath {
    /// `path` below `base`, or below `home` if it begins with `~/`; without empty parts, `.` and `..`.
    static func absolute(_ path: String, base: String, home: String?) -> String {
        if let home, path == "~" || path.utf8.starts(with: "~/".utf8) { return folded(home + path.dropFirst()) }
        return folded(path.utf8.first == UInt8(ascii: "/") ? path : base + "/" + path)
    }

    /// The folder that contains `path`.
    static func parent(_ path: String) -> String { folded(path + "/..") }

    /// An absolute path with the symbolic links of its folders resolved, as far as there are any.
    static func real(_ path: String) -> String {
        if path == "/" { return path }
        return realPath(path) ?? folded(real(parent(path)) + "/" + (path.split(separator: "/").last ?? ""))
    }

    /// Whether two absolute paths are equal, or one lies inside the other.
    static func overlap(_ left: String, _ right: String) -> Bool {
        contains(left, right) || contains(right, left)
    }

    private static func contains(_ outer: String, _ inner: String) -> Bool {
        outer == "/" || inner == outer || inner.utf8.starts(with: (outer + "/").utf8)
    }

    private static func folded(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
