import CLinux
import Glibc

/// The watcher's thread: turns events into hints. All of it is used on that one thread only.
///
/// The order that keeps every change: a new folder is watched first, then listed for folders that came before the watch,
/// then hinted at; whoever scans it after the hint sees all that the watch missed. Events whose watch is no longer known
/// are of a folder that was moved or removed, which is hinted at as a whole.
struct WatchLoop: ~Copyable {
    private let path: String
    private let rules: PathRules
    private let settle: Int64
    private let watchLimit: Int
    private let hints: FolderHints
    private let shared: WatchShared

    private var inotify: Inotify?
    private var tree = WatchTree()
    private var rootWatch: Int32?
    /// On the root's parent, while there is no root.
    private var parentWatch: Int32?
    private var pending: PendingPaths
    /// First halves of renames whose second half has not come yet. It comes at once, or the path was moved out of the root.
    private var departures: [UInt32: (path: RawPath, at: Int64)] = [:]
    /// Files to hint at together, after all events of one read.
    private var files: [RawPath] = []
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
        var buffer = [UInt8](repeating: 0, count: Inotify.bufferBytes)
        var isPaused = false
        arm()
        while true {
            wait(isPaused: isPaused)
            let wishes = shared.takeWishes()
            if wishes.isStopWanted { break }
            isPaused = wishes.isPaused
            if wishes.isRetryWanted { arm() }
            if !isPaused, let events = inotify?.read(into: &buffer) { handle(events) }
            passOnSettled()
        }
        shared.state.withLock { $0 = .stopped }
        hints.finish()
    }

    private func wait(isPaused: Bool) {
        var descriptors = [pollfd(fd: shared.wake.raw, events: Int16(POLLIN), revents: 0)]
        if !isPaused, let events = inotify?.descriptor.raw {
            descriptors.append(pollfd(fd: events, events: Int16(POLLIN), revents: 0))
        }
        // An interrupted wait is an early look at queues that may be empty.
        unsafe poll(&descriptors, nfds_t(descriptors.count), pending.timeoutMilliseconds(at: steadyClock()))
    }

    // MARK: The root

    /// Sets all watches anew, or waits for the root. The state is set before a hint makes somebody ask for it.
    ///
    /// - Parameter isLost: the root went away, which is hinted at even if it is back already: it is another one then.
    private mutating func arm(isLost: Bool = false) {
        disarm()
        // Once more after the parent is watched: the root may have come in between.
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
        pending.removeAll()
    }

    private mutating func watchRoot() throws(FolderError) {
        let root = try FolderRoot(path: path)
        if let name = FileSystemKind.unwatchableName(of: root) {
            // The parent's watch was for a root that is there now.
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
            parentWatch = try inotify?.watch(parent, UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR))
        } catch {
            // No parent either. The daemon's retries find the root when it is back.
            inotify = nil
        }
    }

    // MARK: Watches

    /// Watches the folder `start` and all below it. One that went away meanwhile is skipped: its parent tells.
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
                guard let watch = try inotify?.watch(opened) else { return }
                tree.set(watch, folder)
                if folder.isEmpty { rootWatch = watch }
                try list(DirectoryReader(opened), folder, into: &folders)
            } catch {
                if error.code == ENOSPC || error.code == ENOMEM {
                    shortage = Self.advice(error, path)
                    return
                }
                // Unreadable: the scan reports it, and a chmod comes as an event.
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
            if kind == .unknown, let mode = try? reader.status().st_mode { kind = DirectoryReader.kind(mode: mode) }
            if kind == .folder, rules.admits(entryFolder: path) { folders.append(path) }
            path.removeLast(path.count - prefix)
        }
    }

    /// Watches what is new at or below `folders`.
    private mutating func watchNew(_ folders: [RawPath]) {
        // Opened anew each time: an open root could not be unmounted. If it is gone, an event says so soon.
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
        let now = steadyClock()
        for event in events {
            if event.flags.contains(.queueOverflowed) {
                // New folders may have been missed along with the rest: set all watches again, then have all scanned.
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
            hints.push(.everything)
        }
        if !files.isEmpty { hints.push(.files(files)) }
        files = []
    }

    private mutating func handle(_ event: Inotify.Event, at now: Int64) {
        if event.flags.contains(.watchEnded) {
            tree.remove(event.watch)
            return
        }
        guard let folder = tree.path(of: event.watch) else { return }
        if event.name.isEmpty {
            // About the folder itself; below the root its parent tells the same by name.
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
            // Together with the old path, even if this one was not quiet.
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
            if let old { pending.settleNow(old) }
            watchNew([path])
            hints.push(.subtrees(old.map { [$0, path] } ?? [path]))
        } else if event.flags.contains(.created) {
            watchNew([path])
            hints.push(.subtrees([path]))
        } else if !event.flags.isDisjoint(with: [.attributes, .deleted]) {
            pending.disturbed(path, isFolder: true, at: now)
        }
    }

    private mutating func passOnSettled() {
        let now = steadyClock()
        let due = pending.due(at: now)
        if !departures.isEmpty { departures = departures.filter { now - $0.value.at < settle } }
        // It may be readable now and was not before, or the other way round.
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
