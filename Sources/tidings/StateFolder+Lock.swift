import TidingsDaemon

extension StateFolder {
    /// The lock, for a command that is about to write. Root becomes the folder's owner first: what it wrote, the daemon could not.
    /// - Throws: `NoLedgerError`, `StateLockError`, `StateOwnerError`.
    func lockForWriting() throws -> StateLock {
        try becomeOwner()
        // The lock comes before anything is opened: what a running daemon uses must not be changed.
        try checkLedger()
        return try StateLock(self)
    }

    /// Has root work as the folder's owner, as the daemon does.
    func becomeOwner() throws(StateOwnerError) {
        if let owner = StateOwner(of: self) { say(try owner.become(of: self)) }
    }
}
