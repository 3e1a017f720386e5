import Glibc
import TidingsWatch

/// What the unit of a systemd service may hide from it (systemd.exec(5), "Sandboxing"). A hidden folder looks like a missing one, and its
/// owner sees it all the same.
package struct UnitSandbox: Equatable, Sendable {
    /// Nil for a process that is no service of systemd. `$SYSTEMD_EXEC_PID` tells the service from what it has started: a terminal of
    /// the desktop is a service, and a shell in it is none.
    package init?(_ environment: [String: String], pid: Int32 = getpid()) {
        guard environment["INVOCATION_ID"] != nil, environment["SYSTEMD_EXEC_PID"].map({ $0 == String(pid) }) ?? true else { return nil }
    }

    /// What is wrong with a folder that may be hidden, and the next step; nil if it is no such folder.
    func message(_ error: FolderError) -> String? {
        guard error.reason == .missing || error.reason == .unreadable else { return nil }
        return message(path: error.path)
    }

    func message(path: String) -> String? {
        func isBelow(_ folders: [String]) -> String? { folders.first { path == $0 || path.hasPrefix($0 + "/") } }
        let start = "the service does not see the folder \(path), or may not read it; if it is there, "
        if let home = isBelow(["/home", "/root", "/run/user"]) {
            return start + "the unit may hide \(home) (ProtectHome=): write 'ProtectHome=read-only' in a drop-in (systemctl edit), "
                + "and let the daemon's user read and enter the folder"
        }
        if let place = isBelow(["/tmp", "/var/tmp"]) {
            return start + "the unit may have a \(place) of its own (PrivateTmp=): move the folder elsewhere, or write 'PrivateTmp=no' "
                + "in a drop-in (systemctl edit)"
        }
        return nil
    }
}
