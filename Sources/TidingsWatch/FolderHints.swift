import Synchronization

/// Where to look now. A hint says nothing about what is there: only what is read afterwards does.
package enum FolderHint: Equatable, Sendable {
    /// Files that were closed after writing, or moved in, or touched in another way and quiet since: look with `isClosed: true`.
    /// Also files that went away. A rename gives the old path and the new one in one hint.
    case files([RawPath])
    /// Folders that are new, were moved, or are gone: scan what is there; known files below them may be gone. A rename gives both
    /// paths in one hint. The watches are set before the hint.
    case subtrees([RawPath])
    /// Events were lost, or all watches have just been set: scan the root.
    case everything
    /// Old paths by the new ones: what the kernel says of renames of files and folders within the root. `files` or `subtrees` with
    /// the same paths follows.
    case renamed([RawPath: RawPath])
    /// The root itself went away, or is not there yet. `everything` follows when it is back.
    case root
}

/// The hints of one watcher, for one consumer. While the consumer is busy hints are merged, and each path is kept once; more than
/// `limit` paths become `.everything`.
package struct FolderHints: AsyncSequence, Sendable {
    package typealias Element = FolderHint
    package typealias Failure = Never

    package static let limit = 65_536

    private let box: Box
    private let bell: AsyncStream<Void>

    init(limit: Int = FolderHints.limit) {
        // One element stands for any number of hints: the consumer then takes all that wait.
        let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.bell = bell
        box = Box(limit: limit, ringer: ringer)
    }

    /// The files of the hints that are not taken yet, and the old paths of the renames.
    var waitingPaths: [RawPath] { box.paths }

    func push(_ hint: FolderHint) { box.push(hint) }
    func finish() { box.ringer.finish() }

    package func makeAsyncIterator() -> Iterator { Iterator(box: box, bell: bell.makeAsyncIterator()) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let box: Box
        fileprivate var bell: AsyncStream<Void>.Iterator

        package mutating func next() async -> FolderHint? { await next(isolation: nil) }

        /// nil when the watcher was stopped, or the task was cancelled.
        package mutating func next(isolation actor: isolated (any Actor)?) async -> FolderHint? {
            while true {
                if let hint = box.pop() { return hint }
                guard await bell.next(isolation: actor) != nil else { return nil }
            }
        }
    }

    fileprivate final class Box: Sendable {
        private struct Waiting {
            var isRootLost = false
            var isEverything = false
            var subtrees: Set<RawPath> = []
            var files: Set<RawPath> = []
            var renamed: [RawPath: RawPath] = [:]
        }
        private let waiting = Mutex(Waiting())
        private let limit: Int
        let ringer: AsyncStream<Void>.Continuation

        init(limit: Int, ringer: AsyncStream<Void>.Continuation) {
            self.limit = limit
            self.ringer = ringer
        }

        func push(_ hint: FolderHint) {
            waiting.withLock { waiting in
                switch hint {
                case .root: waiting = Waiting(isRootLost: true)
                case .everything: waiting = Waiting(isRootLost: waiting.isRootLost, isEverything: true)
                case _ where waiting.isEverything: break
                case .subtrees(let paths): waiting.subtrees.formUnion(paths)
                case .files(let paths): waiting.files.formUnion(paths)
                case .renamed(let pairs): waiting.renamed.merge(pairs) { $1 }
                }
                if waiting.files.count + waiting.subtrees.count + waiting.renamed.count > limit {
                    waiting = Waiting(isRootLost: waiting.isRootLost, isEverything: true)
                }
            }
            ringer.yield()
        }

        var paths: [RawPath] { waiting.withLock { Array($0.files) + $0.renamed.values } }

        func pop() -> FolderHint? {
            waiting.withLock { waiting in
                if waiting.isRootLost {
                    waiting.isRootLost = false
                    return .root
                }
                if waiting.isEverything {
                    waiting.isEverything = false
                    return .everything
                }
                if !waiting.renamed.isEmpty {
                    defer { waiting.renamed = [:] }
                    return .renamed(waiting.renamed)
                }
                if !waiting.subtrees.isEmpty {
                    defer { waiting.subtrees = [] }
                    return .subtrees(waiting.subtrees.sorted { $0.lexicographicallyPrecedes($1) })
                }
                if !waiting.files.isEmpty {
                    defer { waiting.files = [] }
                    return .files(waiting.files.sorted { $0.lexicographicallyPrecedes($1) })
                }
                return nil
            }
        }
    }
}
