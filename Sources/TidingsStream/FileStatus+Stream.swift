import TidingsSystem

/// What tells the writer whether a file is still the one it left: somebody may have put another file in its place, or written
/// to it.
extension FileStatus {
    /// Of whatever is at `path`, itself if it is a symbolic link; nil if nothing is there.
    static func of(path: String) throws(StreamError) -> FileStatus? {
        do {
            return try FileStatus.ifExists(path: path, followsLinks: false)
        } catch {
            throw StreamError(attempt: "look at", path: path, code: error.code)
        }
    }

    /// Only its links, owner or mode changed if the content's time did not.
    func isUnwritten(in later: FileStatus) -> Bool {
        identity == later.identity && size == later.size && modified == later.modified
    }

    /// The same text for the same file, as long as nobody has touched it. The ledger keeps it from one start to the next.
    var description: String {
        "\(identity.device) \(identity.inode) \(size) \(text(modified)) \(text(changed)) \(links)"
    }

    private func text(_ instant: Instant) -> String { "\(instant.seconds).\(instant.nanoseconds)" }
}
