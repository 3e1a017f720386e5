import Glibc
import TidingsSystem

/// The user who owns the state folder. Who runs as root takes this user's ids before anything is written: files of root's would keep
/// the service from its own state.
package struct StateOwner: Equatable, Sendable {
    let user: uid_t
    let group: gid_t

    /// Nil if nothing has to be done: this process is not root's, or the folder is, or there is none yet.
    package init?(of state: StateFolder, effectiveUser: uid_t = geteuid()) {
        guard effectiveUser == 0 else { return nil }
        // A state folder of root's may have a database folder that root has given away.
        let owned = [state.path, state.databaseFolder].compactMap { try? FileStatus(path: $0) }.first { $0.owner != 0 }
        guard let owned else { return nil }
        user = owned.owner
        // The folder's group and not the user's: it may read the stream.
        group = owned.group
    }

    /// Makes this process the owner's, for good. Root's other groups and all its capabilities go (capabilities(7), "Effect of user ID
    /// changes on capabilities"). What only root may read has to be read before.
    ///
    /// "POSIX requires that all threads in a process share the same credentials", and the C library sees to it (nptl(7)).
    /// - Returns: what was done, for people.
    package func become(of state: StateFolder) throws(StateOwnerError) -> String {
        let name = userName(user)
        let owner = "user \(name ?? "\(user)")"
        let groups = if let name { unsafe initgroups(name, group) } else { setgroups(0, nil) }
        // The group first: who is not root any more cannot choose it.
        guard groups == 0, setgid(group) == 0, setuid(user) == 0 else {
            let detail = SystemError.last.message
            throw StateOwnerError(state: state.path, owner: owner, command: "sudo -u \(name ?? "'#\(user)'") tidings …", detail: detail)
        }
        return "works as \(owner), the owner of \(state.path)"
    }
}

/// Why root could not become the owner of the state folder.
package struct StateOwnerError: Error, Equatable, Sendable, CustomStringConvertible {
    let state: String
    let owner: String
    let command: String
    let detail: String

    package var description: String {
        "cannot work as \(owner), to whom the state folder \(state) belongs: \(detail); run it as that user (\(command))"
    }
}
