import Dispatch
import TidingsSystem

/// Tells the writer of the change files that somebody else may have touched them, at once and not with the next change.
///
/// The writer keeps the live file open for as long as it writes to it, and an append makes no event, so that no event of the live
/// file is the writer's own. An event only says *look*: what is there then decides what to do.
@safe package final class StreamWatch {
    package struct Events: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Something happened to the live file.
        package static let live = Events(rawValue: 1 << 0)
        /// … or to a sealed one.
        package static let sealed = Events(rawValue: 1 << 1)
        /// The folder has gone or moved: a new watch is due, once there is one again.
        package static let folder = Events(rawValue: 1 << 2)
    }

    // Without unlinked files: the one that a rotation replaced is closed after that.
    private static let watched: Inotify.Flags = [
        .closedAfterWriting, .deleted, .movedFrom, .movedTo, .selfDeleted, .selfMoved, .onlyFolder, .excludingUnlinked,
    ]
    private static let bufferBytes = 16 << 10

    private let source: any DispatchSourceRead

    /// - Parameter onEvents: called on a queue of its own.
    package init(folder: String, onEvents: @escaping @Sendable (Events) -> Void) throws(StreamError) {
        let inotify: Inotify
        do throws(SystemError) {
            inotify = try Inotify()
            _ = try inotify.watch(folder, Self.watched)
        } catch {
            throw StreamError(attempt: "watch", path: folder, code: error.code)
        }
        source = DispatchSource.makeReadSource(
            fileDescriptor: inotify.descriptor.raw, queue: DispatchQueue(label: "tidings.stream-watch"))
        source.setEventHandler {
            let events = Self.read(inotify)
            if !events.isEmpty { onEvents(events) }
        }
        // The descriptor must stay open until the source is cancelled (dispatch_source_cancel(3)).
        source.setCancelHandler { withExtendedLifetime(inotify) {} }
        source.resume()
    }

    deinit { source.cancel() }

    private static func read(_ inotify: Inotify) -> Events {
        var events: Events = []
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        while true {
            let batch = inotify.read(into: &buffer)
            if batch.isEmpty { return events }
            for event in batch { events.formUnion(meaning(of: event)) }
        }
    }

    private static func meaning(of event: Inotify.Event) -> Events {
        var events: Events = []
        if event.flags.contains(.queueOverflowed) { events.formUnion([.live, .sealed]) }
        if !event.flags.isDisjoint(with: [.selfDeleted, .selfMoved, .unmounted]) { events.formUnion([.live, .folder]) }
        let name = String(decoding: event.name, as: UTF8.self)
        if name == StreamFolder.liveName { events.insert(.live) }
        if StreamFolder.first(ofSealed: name) != nil { events.insert(.sealed) }
        return events
    }
}
