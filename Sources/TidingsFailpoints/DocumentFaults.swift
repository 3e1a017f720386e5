#if FAILPOINTS
    import Glibc
#endif

/// Marks the moment before a document is read. Does nothing in a program that was built without failpoints.
///
/// Faults of documents are not part of a `FailurePlan`: like a parser's bug, they hit a document whatever its position
/// in the work. `$TIDINGS_DOCUMENT_FAULTS` lists them:
///
///     TIDINGS_DOCUMENT_FAULTS="poison.txt=kill,/feed=hang"
///
/// Each part is the end of a locator, `=`, and what happens to the reader of that document: `kill` (SIGKILL, as when
/// memory is out) or `hang` (its thread never continues).
@inline(__always)
package func failpoint(reading locator: String) {
    #if FAILPOINTS
        DocumentFaults.reach(locator)
    #endif
}

#if FAILPOINTS
    private enum DocumentFaults {
        private static let faults: [(ending: String, action: String)] = {
            guard let value = unsafe getenv("TIDINGS_DOCUMENT_FAULTS") else { return [] }
            return unsafe String(cString: value).split(separator: ",").map { part in
                let sides = part.split(separator: "=").map(String.init)
                guard sides.count == 2, ["kill", "hang"].contains(sides[1]) else {
                    fatalError("TIDINGS_DOCUMENT_FAULTS has a part that is none: \(part)")
                }
                return (sides[0], sides[1])
            }
        }()

        static func reach(_ locator: String) {
            guard let fault = faults.first(where: { locator.hasSuffix($0.ending) }) else { return }
            if fault.action == "kill" { kill(getpid(), SIGKILL) }
            while true { pause() }
        }
    }
#endif
