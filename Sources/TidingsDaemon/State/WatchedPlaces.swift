import TidingsStore
import TidingsSystem
import TidingsWatch

/// Where the ledger knows the file `path`: in which folders it lies, and under which keys there. The file itself may be gone.
/// - Parameters:
///   - workingFolder: what `path` is relative to; absolute.
///   - sources: those of the ledger. Those that are configured no longer come last.
package func watchedPlaces(of path: String, workingFolder: String, in sources: [SourceRow]) -> [WatchedPlace] {
    let spellings = spellings(of: SettingsPath.absolute(path, base: workingFolder, home: nil))
    var places: [WatchedPlace] = []
    for source in sources.filter(\.isSubscribed) + sources.filter({ !$0.isSubscribed }) where source.kind == .folder {
        // A person may have come there by a symbolic link, or the settings may.
        for root in [source.locator, realPath(source.locator)].compactMap(\.self).map(plain) {
            for spelling in spellings where spelling.count > root.count && spelling.isAtOrBelow(root) {
                let place = WatchedPlace(source: source.id, key: pathKey(Array(spelling.dropFirst(root.isEmpty ? 0 : root.count + 1))))
                if !places.contains(place) { places.append(place) }
            }
        }
    }
    return places
}

/// An absolute path as it is written, and with the symbolic links of its folder resolved.
private func spellings(of path: String) -> [RawPath] {
    let written = plain(path)
    guard let last = written.lastIndex(of: UInt8(ascii: "/")) else { return [written] }
    let folder = String(decoding: written[..<last], as: UTF8.self)
    return [written] + (realPath("/" + folder).map { [plain($0) + written[last...]] } ?? [])
}

/// `path` without the slash in front, and without `.`, `..` and doubled slashes.
private func plain(_ path: String) -> RawPath { Array(SettingsPath.absolute(path, base: "/", home: nil).utf8.dropFirst()) }
