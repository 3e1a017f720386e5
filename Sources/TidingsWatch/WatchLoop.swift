import Glibc
import TidingsSystem

/// Turns events into hints. All of it is used on the watcher's thread only.
///
/// No change is missed because of the order: a new folder is watched first, then listed for folders that came before the watch,
/// and then hinted at. Whoever scans it after the hint sees all that the watch missed. Events whose watch is no longer known
/// are of a folder that was moved or removed, for which there is a hint anyway.
struct WatchLoop: ~Copyable {
    private static let bufferBytes = 64 << 10
    /// A question waits for the events before it, but not for ever.
    private static let readsBeforeAnswer = 256

    /// The events that say something about files. To open, read, or close without writing is none of them: the daemon's own
    /// reading would wake it.
    private static let watched: Inotify.Flags = [
        .closedAfterWriting, .movedFrom, .movedTo, .created, .deleted, .written, .attributes, .selfDeleted, .selfMoved,
        .onlyFolder, .excludingUnlinked,
    ]

    private let path: String
    private let rules: PathRules
    private let settle: Int64
    private let watchLimit: Int
    private let hints: FolderHints
    private let shared: WatchShared

    private var inotify: Inotify?
    private var tree = WatchTree()
    private var rootWatch: Int32?
    /// The watch on the root's parent, while there is no root.
    private var parentWatch: Int32?
    private var pending: PendingPaths
    /// By cookie, the renames of which only the `movedFrom` event has come. The `movedTo` event comes at once, or never if the
    /// path was moved out of the root.
    private var departures: [UInt32: (path: RawPath, at: Int64)] = [:]
    /// Files to hint at together, after all events of one read.
    private var files: [RawPath] = []
    /// Renames to tell of before them: the old path by the new one.
    private var renamed: [RawPath: RawPath] = [:]
    /// Why some folders are not watched.
    private var shortage: String?

    init(
        path: String, rules: PathRules, settleNanoseconds: Int64, watchLimit: Int, hints: FolderHints,
        shared: WatchShared
    ) {
        self.path = path
        self.rules = rules
        settle = settleNanoseconds
        self.watchLimit = watchLimit
        self.hints = hints
        self.shared = shared
        pending = PendingPaths(settleNanoseconds: settleNanoseconds)
    }

    mutating func run() {
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        var isPaused = false
        arm()
        while true {
            wait(isPaused: isPaused)
            let requests = shared.takeRequests()
            if requests.isStopWanted {
                for answer in requests.departedAsked { answer.resume(returning: []) }
                break
            }
            isPaused = requests.isPaused
            if requests.isRetryWanted { arm() }
            for _ in 0..<(requests.departedAsked.isEmpty ? 1 : Self.readsBeforeAnswer) where !isPaused {
                guard let events = inotify?.read(into: &buffer), !events.isEmpty else { break }
                handle(events)
            }
            for answer in requests.departedAsked { answer.resume(returning: departures.values.map(\.path)) }
            passOnSettled()
        }
        shared.state.withLock { $0 = .stopped }
        hints.finish()
    }

    private func wait(isPaused: Bool) {
        var descriptors = [pollfd(fd: shared.wake.descriptor.raw, events: Int16(POLLIN), revents: 0)]
        if !isPaused, let events = inotify?.descriptor.raw {
            descriptors.append(pollfd(fd: events, events: Int16(POLLIN), revents: 0))
        }
        // After a signal the wait ends early, which does no harm: the queues may be empty.
        unsafe poll(&descriptors, nfds_t(descriptors.count), pending.timeoutMilliseconds(at: monotonicNanoseconds()))
    }

    // MARK: The root

    /// Sets all watches anew, or waits for the root. The state is set before the hint, because who gets the hint may ask for it.
    ///
    /// - Parameter isLost: the root went away. That makes a hint even if the root is back already: it is another folder then.
    private mutating func arm(isLost: Bool = false) {
        disarm()
        // Twice, because the root may have come before its parent was watched.
        for _ in 0..<2 {
            do throws(FolderError) {
                try watchRoot()
                if isLost { hints.push(.root) }
                hints.push(.everything)
                return
            } catch {
                shared.state.withLock { $0 = .rootLost(error) }
                guard parentWatch == nil else { break }
                watchParent()
            }
        }
        hints.push(.root)
    }

    private mutating func disarm() {
        inotify = nil
        tree = WatchTree()
        rootWatch = nil
        parentWatch = nil
        shortage = nil
        departures = [:]
        files = []
        renamed = [:]
        pending.removeAll()
    }

    private mutating func watchRoot() throws(FolderError) {
        let root = try FolderRoot(path: path)
        if let name = FileSystemKind.unwatchableName(of: root) {
            // Ends the parent's watch too: the root is there.
            disarm()
            shared.state.withLock { $0 = .polling("\(path) is on \(name), which does not tell what other machines change") }
        } else {
            do throws(SystemError) {
                inotify = try Inotify()
                parentWatch = nil
                watchSubtree([], of: root)
                shared.state.withLock { $0 = shortage.map(WatchState.degraded) ?? .watching }
            } catch {
                inotify = nil
                shared.state.withLock { $0 = .polling(Self.advice(error, path)) }
            }
        }
    }

    private mutating func watchParent() {
        // Of "a/b" and "a/b/" it is "a"; of "b" it is ".".
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        let parent = (path.hasPrefix("/") ? "/" : "./") + parts.joined(separator: "/")
        do throws(SystemError) {
            inotify = try Inotify()
            parentWatch = try inotify?.watch(parent, [.created, .movedTo, .attributes, .onlyFolder])
        } catch {
            // There is no parent either. The daemon's retries find the root when it is back.
            inotify = nil
        }
    }

    // MARK: Watches

    /// Watches the folder `start` and all below it. A folder that went away meanwhile is skipped: its parent gets an event.
    private mutating func watchSubtree(_ start: RawPath, of root: FolderRoot) {
        var folders = PathList()
        folders.append(start)
        while let folder = folders.popLast() {
            guard tree.count < watchLimit else {
                shortage = "more than \(watchLimit) folders in \(path)"
                return
            }
            do throws(SystemError) {
                let opened = try root.open(folder, O_RDONLY | O_DIRECTORY | O_NONBLOCK)
                guard let watch = try inotify?.watch(opened, Self.watched) else { return }
                tree.set(watch, folder)
                if folder.isEmpty { rootWatch = watch }
                try list(DirectoryReader(opened), folder, into: &folders)
            } catch {
                if error.code == ENOSPC || error.code == ENOMEM {
                    shortage = Self.advice(error, path)
                    return
                }
                // Unreadable: the scan reports it, and a later chmod makes an event.
            }
        }
    }

    private func list(
        _ reader: consuming DirectoryReader, _ folder: RawPath, into folders: inout PathList
    ) throws(SystemError) {
        guard folder.count(where: { $0 == slash }) < FolderScan.depthLimit else { return }
        var path = folder
        if !path.isEmpty { path.append(slash) }
        let prefix = path.count
        while var kind = try reader.next(appendingNameTo: &path) {
            if kind == .unknown, let found = try? reader.status().kind { kind = found }
            if kind == .folder, rules.admits(entryFolder: path) { folders.append(path) }
            path.removeLast(path.count - prefix)
        }
    }

    /// Watches what is new at or below `folders`.
    private mutating func watchNew(_ folders: [RawPath]) {
        // Opened anew each time: while the root is open it cannot be unmounted. If it is gone, an event says so soon.
        guard !folders.isEmpty, let root = try? FolderRoot(path: path) else { return }
        for folder in folders { watchSubtree(folder, of: root) }
        if let shortage { shared.state.withLock { $0 = .degraded(shortage) } }
    }

    private mutating func forget(_ folder: RawPath) {
        for watch in tree.removeSubtree(folder) { inotify?.unwatch(watch) }
    }

    static func advice(_ error: SystemError, _ path: String) -> String {
        switch error.code {
        case ENOSPC: "no more inotify watches for \(path): raise the sysctl fs.inotify.max_user_watches"
        case EMFILE: "no more inotify instances for \(path): raise the sysctl fs.inotify.max_user_instances"
        default: "\(path) cannot be watched: \(error.message)"
        }
    }

    // MARK: Events

    private mutating func handle(_ events: [Inotify.Event]) {
        let now = monotonicNanoseconds()
        for event in events {
            if event.flags.contains(.queueOverflowed) {
                // New folders may be among what was missed: all watches are set anew, and then everything is scanned.
                arm()
                return
            }
            if event.watch == parentWatch {
                guard isRootName(event.name) else { continue }
                arm()
                return
            }
            if event.watch == rootWatch, !event.flags.isDisjoint(with: [.selfDeleted, .selfMoved, .unmounted, .watchEnded]) {
                arm(isLost: true)
                return
            }
            handle(event, at: now)
        }
        if pending.count > PendingPaths.limit || departures.count > PendingPaths.limit {
            pending.removeAll()
            departures = [:]
            files = []
            renamed = [:]
            hints.push(.everything)
        }
        tellOfRenames()
        if !files.isEmpty { hints.push(.files(files)) }
        files = []
    }

    private mutating func tellOfRenames() {
        if !renamed.isEmpty { hints.push(.renamed(renamed)) }
        renamed = [:]
    }

    private mutating func handle(_ event: Inotify.Event, at now: Int64) {
        if event.flags.contains(.watchEnded) {
            tree.remove(event.watch)
            return
        }
        guard let folder = tree.path(of: event.watch) else { return }
        if event.name.isEmpty {
            // About the folder itself. Below the root its parent gets the same event with a name.
            if folder.isEmpty, event.flags.contains(.attributes) { pending.disturbed([], isFolder: true, at: now) }
            return
        }
        let path = folder.appending(event.name)
        if event.flags.contains(.isFolder) {
            if rules.admits(entryFolder: path) { handleFolder(event, path, at: now) }
        } else {
            if rules.admits(entryFile: path) { handleFile(event, path, at: now) }
        }
    }

    private mutating func handleFile(_ event: Inotify.Event, _ path: RawPath, at now: Int64) {
        if event.flags.contains(.movedTo), let old = departures.removeValue(forKey: event.cookie)?.path {
            pending.settleNow(old)
            files.append(old)
            renamed[path] = old
            // The new path goes into the same hint as the old one, even if it was not quiet before.
            pending.settleNow(path)
        }
        if !event.flags.isDisjoint(with: [.closedAfterWriting, .movedTo]) {
            if pending.whole(path, at: now) { files.append(path) }
            return
        }
        if event.flags.contains(.movedFrom) { departures[event.cookie] = (path, now) }
        pending.disturbed(path, at: now)
    }

    private mutating func handleFolder(_ event: Inotify.Event, _ path: RawPath, at now: Int64) {
        if event.flags.contains(.movedFrom) {
            forget(path)
            departures[event.cookie] = (path, now)
            pending.disturbed(path, isFolder: true, at: now)
        } else if event.flags.contains(.movedTo) {
            let old = departures.removeValue(forKey: event.cookie)?.path
            if let old {
                pending.settleNow(old)
                renamed[path] = old
            }
            watchNew([path])
            tellOfRenames()
            hints.push(.subtrees(old.map { [$0, path] } ?? [path]))
        } else if event.flags.contains(.created) {
            watchNew([path])
            hints.push(.subtrees([path]))
        } else if !event.flags.isDisjoint(with: [.attributes, .deleted]) {
            pending.disturbed(path, isFolder: true, at: now)
        }
    }

    private mutating func passOnSettled() {
        let now = monotonicNanoseconds()
        let due = pending.due(at: now)
        if !departures.isEmpty { departures = departures.filter { now - $0.value.at < settle } }
        // A folder that was not readable may be by now.
        watchNew(due.folders)
        if due.folders.contains([]) {
            hints.push(.everything)
        } else if !due.folders.isEmpty {
            hints.push(.subtrees(due.folders))
        }
        if !due.files.isEmpty { hints.push(.files(due.files)) }
    }

    private func isRootName(_ name: ArraySlice<UInt8>) -> Bool {
        path.utf8.split(separator: slash).last?.elementsEqual(name) ?? false
    }
}
