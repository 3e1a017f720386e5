import Glibc
import TidingsSystem

/// Who may read a file or folder, in words for a user who may not.
package struct ReadersOfState: Sendable {
    /// As sudo(8) takes it: a name, or `'#1000'`.
    let owner: String
    /// A name, or a number; nil if the group may not read it either.
    let group: String?

    /// Of `path`, or of the nearest folder above it that this user sees: that one keeps the user out. Nil if there is none.
    package init?(of path: String) {
        var place = path
        while !place.isEmpty {
            if let status = try? FileStatus(path: place) {
                owner = userName(status.owner) ?? "'#\(status.owner)'"
                let permitted: mode_t = status.kind == .folder ? S_IRGRP | S_IXGRP : S_IRGRP
                group = status.mode & permitted == permitted && status.group != 0 ? groupName(status.group) ?? "\(status.group)" : nil
                return
            }
            guard let slash = place.lastIndex(of: "/") else { return nil }
            place = String(place[..<slash])
        }
        return nil
    }

    /// The next step.
    package var advice: String {
        if let group { return "the group '\(group)' may read it: `sudo adduser $USER \(group)`, then log in again" }
        return "become its owner: `sudo -u \(owner) tidings …`"
    }
}
