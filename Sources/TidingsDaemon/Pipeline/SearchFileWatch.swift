import Dispatch
import TidingsSystem

/// Rings when somebody removes, renames or replaces the file of the search index, so that it is made anew at once and not with the
/// next change.
@safe final class SearchFileWatch {
    private static let watched: Inotify.Flags = [.deleted, .movedFrom, .movedTo, .onlyFolder, .excludingUnlinked]
    private static let bufferBytes = 4 << 10

    private let source: any DispatchSourceRead

    /// - Parameter name: of the file in `folder`.
    init(folder: String, name: String, alarm: Alarm) throws(SystemError) {
        let inotify = try Inotify()
        _ = try inotify.watch(folder, Self.watched)
        source = DispatchSource.makeReadSource(
            fileDescriptor: inotify.descriptor.raw, queue: DispatchQueue(label: "tidings.search-watch"))
        source.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
            var isMeant = false
            while case let events = inotify.read(into: &buffer), !events.isEmpty {
                isMeant = isMeant || events.contains { String(decoding: $0.name, as: UTF8.self) == name || $0.flags.contains(.queueOverflowed) }
            }
            if isMeant { alarm.ring() }
        }
        // The descriptor must stay open until the source is cancelled (dispatch_source_cancel(3)).
        source.setCancelHandler { withExtendedLifetime(inotify) {} }
        source.resume()
    }

    deinit { source.cancel() }
}
