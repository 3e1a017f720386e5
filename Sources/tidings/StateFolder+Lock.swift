import Glibc
import TidingsDaemon

extension StateFolder {
    /// The lock, for a command that is about to write. Root becomes the folder's owner first: what it wrote, the daemon could not.
    /// - Throws: `NoLedgerError`, `StateLockError`; status 77 if root cannot become the owner.
    func lockForWriting() throws -> StateLock {
        do throws(StateOwnerError) {
            if let owner = StateOwner(of: self) { say(try owner.become(of: self)) }
        } catch {
            throw Failure(EX_NOPERM, error.description)
        }
        // The lock comes before anything is opened: what a running daemon uses must not be changed.
        try checkLedger()
        return try StateLock(self)
    }
}
