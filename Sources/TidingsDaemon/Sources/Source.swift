import TidingsStore

/// A configured source at work. Folders and feeds conform to it; a new kind of source is one more conformer, made in
/// `SourceSet.make`, whose looks go through `Ingest.carry` as all others do.
package protocol Source: Sendable {
    var name: String { get }
    var id: SourceID { get }

    /// Begins to look whenever its events, timers and requests say so.
    func start() async
    /// Has the looks that are under way end soon.
    func cancel() async
    /// Ends all looking, and returns when nothing is under way any more.
    func stop() async

    /// Asks for a full pass that begins after this call.
    /// - Parameter onEnd: called once, with how the pass ended.
    func request(_ wish: PassWish, onEnd: @escaping @Sendable (PassResult) -> Void)
    /// Makes one full pass without having been started.
    /// - Parameter onEnd: called once, perhaps after the return.
    func lookOnce(onEnd: @escaping @Sendable (PassResult) -> Void) async
    /// Returns when what happens from now on will be seen, or at `deadline`.
    func waitForWatches(until deadline: ContinuousClock.Instant) async
}

/// What is wanted of a pass beyond what every pass does.
package struct PassWish: Equatable, Sendable {
    /// Also what looks as it did is read: no validators, no short-cuts.
    package var readsEverything = false
    /// A mass removal is meant.
    package var acceptsRemovals = false

    package init(readsEverything: Bool = false, acceptsRemovals: Bool = false) {
        self.readsEverything = readsEverything
        self.acceptsRemovals = acceptsRemovals
    }

    /// One pass is to do what both ask for.
    mutating func formUnion(_ other: PassWish) {
        readsEverything = readsEverything || other.readsEverything
        acceptsRemovals = acceptsRemovals || other.acceptsRemovals
    }
}
