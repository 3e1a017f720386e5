import Glibc
import TidingsCore
import TidingsSystem

/// The names in the stream folder, and the operations on them.
///
/// - `changes.ndjson`: the live segment, the only one that grows.
/// - `changes-0000000000000001042.ndjson`: a sealed segment, named after its first change in 19 digits (as many as in
///   the `sequence` of a line), so that names sort as their contents do.
/// - `changes-0000000000000001042.<stream id>.ndjson`: a segment of an earlier stream id, set aside.
/// - `….damaged`, `….damaged-2`: a copy of a segment from before it was made anew.
/// - `….new`: a segment that is being made; it is renamed when it is complete.
struct StreamFolder {
    static let liveName = "changes.ndjson"
    static let folderMode: mode_t = 0o750
    static let fileMode: mode_t = 0o640
    private static let temporarySuffix = ".new"
    private static let copiesLimit = 1000

    struct Sealed: Equatable {
        let name: String
        let first: Int64
    }

    let path: String

    var livePath: String { path(of: Self.liveName) }

    func path(of name: String) -> String { path + "/" + name }

    func temporaryPath(for name: String) -> String { path(of: name) + Self.temporarySuffix }

    static func sealedName(first: Int64) -> String { "changes-\(padded(first)).ndjson" }

    static func setAsideName(first: Int64, stream: String) -> String { "changes-\(padded(first)).\(stream).ndjson" }

    private static func padded(_ sequence: Int64) -> String { zeroPadded(Int(sequence), digits: ChangeLine.sequenceDigits) }

    /// The first sequence number that the name of a sealed segment gives; nil for every other name.
    static func first(ofSealed name: String) -> Int64? {
        guard name.hasPrefix("changes-"), name.hasSuffix(".ndjson") else { return nil }
        let number = name.dropFirst("changes-".count).dropLast(".ndjson".count)
        guard number.utf8.count == ChangeLine.sequenceDigits, let first = Int64(number), first > 0, name == sealedName(first: first)
        else { return nil }
        return first
    }

    func create() throws(StreamError) {
        guard unsafe mkdir(path, Self.folderMode) == 0 || errno == EEXIST else {
            throw StreamError(attempt: "make", path: path)
        }
    }

    /// Every sealed segment, oldest first.
    func sealed() throws(StreamError) -> [Sealed] {
        try names().compactMap { name in Self.first(ofSealed: name).map { Sealed(name: name, first: $0) } }
            .sorted { $0.first < $1.first }
    }

    /// Removes the segments that killed processes were making.
    func removeTemporaries() throws(StreamError) {
        for name in try names() where name.hasPrefix("changes") && name.hasSuffix(".ndjson" + Self.temporarySuffix) {
            try remove(path(of: name))
        }
    }

    func remove(_ path: String) throws(StreamError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw StreamError(attempt: "remove", path: path) }
    }

    func move(_ old: String, to new: String) throws(StreamError) {
        guard unsafe rename(old, new) == 0 else { throw StreamError(attempt: "rename to \(new)", path: old) }
    }

    /// Gives the file a second name.
    /// - Returns: false if that name is taken.
    func link(_ old: String, to new: String) throws(StreamError) -> Bool {
        if unsafe Glibc.link(old, new) == 0 { return true }
        guard errno == EEXIST else { throw StreamError(attempt: "link to \(new)", path: old) }
        return false
    }

    /// Keeps the file `name` under a `.damaged` name as well. Never replaces an older copy.
    /// - Returns: the name of the copy; nil if there is no file.
    func keepDamaged(_ name: String) throws(StreamError) -> String? {
        guard let stamp = try FileStatus.of(path: path(of: name)) else { return nil }
        for number in 1...Self.copiesLimit {
            let copy = name + (number == 1 ? ".damaged" : ".damaged-\(number)")
            if let taken = try FileStatus.of(path: path(of: copy)) {
                // The same file: a recovery was killed after it had kept the copy.
                if taken.identity == stamp.identity { return copy }
                continue
            }
            if stamp.isRegular {
                if try link(path(of: name), to: path(of: copy)) { return copy }
            } else {
                // A folder cannot be linked, and a regular file cannot be renamed over it.
                try move(path(of: name), to: path(of: copy))
                return copy
            }
        }
        throw StreamError(attempt: "keep a copy of", path: path(of: name), code: EEXIST)
    }

    /// Makes changes of names durable: they survive a power cut.
    func sync() throws(StreamError) {
        let folder: FileDescriptor
        do {
            folder = try FileDescriptor(openingFolder: path)
        } catch {
            throw StreamError(attempt: "open", path: path, code: error.code)
        }
        do {
            try folder.sync()
        } catch {
            throw StreamError(.syncFailed, attempt: "sync", path: path)
        }
    }

    /// Of everything in the folder, in no order.
    func names() throws(StreamError) -> [String] {
        do throws(SystemError) {
            var entries = try DirectoryReader(FileDescriptor(openingFolder: path))
            var names: [String] = []
            var name: [UInt8] = []
            while try entries.next(appendingNameTo: &name) != nil {
                names.append(String(decoding: name, as: UTF8.self))
                name = []
            }
            return names
        } catch {
            throw StreamError(attempt: "list", path: path, code: error.code)
        }
    }
}
