import Foundation
import Synchronization

/// `transform` of each element, in order, as many at a time as there are processors.
func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) throws -> Result
) throws -> [Result] {
    let results = Mutex([Int: Swift.Result<Result, any Error>]())
    DispatchQueue.concurrentPerform(iterations: elements.count) { index in
        let result = Swift.Result { try transform(elements[index]) }
        results.withLock { $0[index] = result }
    }
    let all = results.withLock(\.self)
    return try elements.indices.compactMap { try all[$0]?.get() }
}
