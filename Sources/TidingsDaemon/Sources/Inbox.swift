import Synchronization

/// A list that many threads add to, and that one empties.
final class Inbox<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    /// - Returns: whether `element` is the first since the last `takeAll`. Only then the caller has to wake who takes it.
    func add(_ element: Element) -> Bool {
        elements.withLock { elements in
            elements.append(element)
            return elements.count == 1
        }
    }

    func takeAll() -> [Element] {
        elements.withLock { elements in
            defer { elements = [] }
            return elements
        }
    }
}
