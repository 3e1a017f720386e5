import TidingsStore

/// A configured source. Folders and feeds conform to it. A new kind of source is another conformer; `SourceSet.prepare` creates it,
/// and its looks go through `Ingest.carry` like all others.
package protocol Source: Sendable {
    var name: String { get }
    var id: SourceID { get }

    /// Begins to look at its events, timers and requests.
    func start() async
    /// Makes looks that are in progress end soon.
    func cancel() async
    /// Ends all looks, and returns when none is in progress.
    func stop() async

    /// Requests a full pass that begins after this call.
    /// - Parameter onEnd: called once, with the result of the pass.
    func request(_ wish: PassWish, onEnd: @escaping @Sendable (PassResult) -> Void)
    /// Makes one full pass of a source that was not started.
    /// - Parameter onEnd: called once, possibly after the return.
    func lookOnce(onEnd: @escaping @Sendable (PassResult) -> Void) async
    /// Returns when the source will notice every later change, or at `deadline`.
    func waitForWatches(until deadline: ContinuousClock.Instant) async
}

/// Options of a requested pass.
package struct PassWish: Equatable, Sendable {
    /// Whether unchanged documents are read too, without validators and shortcuts.
    package var readsEverything = false
    /// Whether a mass removal is confirmed.
    package var acceptsRemovals = false
    /// Whether who asks says how the pass ended, so that the log need not.
    package var isReported = false

    package init(readsEverything: Bool = false, acceptsRemovals: Bool = false, isReported: Bool = false) {
        self.readsEverything = readsEverything
        self.acceptsRemovals = acceptsRemovals
        self.isReported = isReported
    }

    /// Adds the options of `other`, so that one pass does what both ask for.
    mutating func formUnion(_ other: PassWish) {
        readsEverything = readsEverything || other.readsEverything
        acceptsRemovals = acceptsRemovals || other.acceptsRemovals
        isReported = isReported || other.isReported
    }
}
