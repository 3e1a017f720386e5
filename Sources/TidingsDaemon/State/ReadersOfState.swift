import Glibc
import TidingsSystem

/// Who may read a file or folder, in words for a user who may not.
package struct ReadersOfState: Sendable {
    /// Names, or numbers where there is no name.
    let owner: String
    /// Nil if the group may not read it either.
    let group: String?

    /// Of `path`, or of the nearest folder above it that this user sees: that one keeps the user out. Nil if there is none.
    package init?(of path: String) {
        var place = path
        while !place.isEmpty {
            if let status = try? FileStatus(path: place) {
                owner = Self.userName(status.owner)
                let permitted: mode_t = status.kind == .folder ? S_IRGRP | S_IXGRP : S_IRGRP
                group = status.mode & permitted == permitted && status.group != 0 ? Self.groupName(status.group) : nil
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

    private static func userName(_ id: uid_t) -> String {
        // The pointer is to static memory of the C library. No other thread asks.
        guard let entry = unsafe getpwuid(id), let name = unsafe entry.pointee.pw_name else { return "\(id)" }
        return unsafe String(cString: name)
    }

    private static func groupName(_ id: gid_t) -> String {
        guard let entry = unsafe getgrgid(id), let name = unsafe entry.pointee.gr_name else { return "\(id)" }
        return unsafe String(cString: name)
    }
}
