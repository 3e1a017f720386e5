/// Many paths in one piece of memory: their bytes one after the other, and where each begins and ends. A path costs its bytes and
/// 8 more, not an allocation.
package struct PathList: Sendable, RandomAccessCollection {
    private var bytes: [UInt8] = []
    private var bounds: [Bounds] = []

    // Offset and length, because sorting moves these and leaves the bytes where they are. The length of a path fits in 24 bits,
    // and the bytes of all paths in 40.
    private struct Bounds {
        let packed: UInt64
        init(start: Int, count: Int) { packed = UInt64(start) << 24 | UInt64(count) }
        var range: Range<Int> { Int(packed >> 24)..<Int(packed >> 24) + Int(packed & 0xFF_FFFF) }
    }

    package init() {}

    package init(_ paths: some Sequence<RawPath>) {
        for path in paths { append(path) }
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { bounds.count }
    package subscript(position: Int) -> RawPath { RawPath(bytes[bounds[position].range]) }

    package mutating func append(_ path: RawPath) {
        bounds.append(Bounds(start: bytes.count, count: path.count))
        bytes.append(contentsOf: path)
    }

    /// Removes the last path. Only for lists that were not sorted: their last path is the last in memory, too.
    mutating func popLast() -> RawPath? {
        guard let range = bounds.popLast()?.range else { return nil }
        defer { bytes.removeSubrange(range) }
        return RawPath(bytes[range])
    }

    /// Puts the paths in the order of their bytes, so that every machine goes through a folder in the same order.
    mutating func sort() {
        unsafe bytes.withUnsafeBufferPointer { all in
            bounds.sort { left, right in
                unsafe UnsafeBufferPointer(rebasing: all[left.range])
                    .lexicographicallyPrecedes(UnsafeBufferPointer(rebasing: all[right.range]))
            }
        }
    }
}
