import Glibc

/// `path`, absolute and with its symbolic links resolved (realpath(3)); nil if nothing is there, or if it cannot be reached.
package func realPath(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
}
