import TidingsCore
import TidingsStore

/// A list of pages. `PageSchedule` looks at them when they are due; the list itself is a part of the settings.
package struct PageListSource: Source {
    package let name: String
    package let id: SourceID
    private let schedule: PageSchedule

    init(settings: PageListSettings, id: SourceID, schedule: PageSchedule) {
        name = settings.name
        self.id = id
        self.schedule = schedule
    }

    /// The schedule begins and ends the looks at all pages at once.
    package func start() async {}
    package func cancel() async {}
    package func stop() async {}

    package func request(_ wish: PassWish, onEnd: @escaping @Sendable (PassResult) -> Void) {
        Task {
            await schedule.pass(over: [id], readsEverything: wish.readsEverything)
            onEnd(.done(PassSummary()))
        }
    }

    package func lookOnce(onEnd: @escaping @Sendable (PassResult) -> Void) async {
        request(PassWish(), onEnd: onEnd)
    }

    package func waitForWatches(until deadline: ContinuousClock.Instant) async {}
}
