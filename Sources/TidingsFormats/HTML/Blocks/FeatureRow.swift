/// What is known of a block, or of a page, as numbers in a fixed order. The order and the names are those of the calls of `put`.
struct FeatureRow {
    private(set) var values: [Float] = []
    private(set) var names: [String] = []
    private let keepsNames: Bool

    init(keepsNames: Bool, capacity: Int = 0) {
        self.keepsNames = keepsNames
        values.reserveCapacity(capacity)
    }

    mutating func put(_ name: @autoclosure () -> String, _ value: Float) {
        if keepsNames { names.append(name()) }
        values.append(value)
    }

    mutating func put(_ name: @autoclosure () -> String, _ value: Int) { put(name(), Float(value)) }
    mutating func put(_ name: @autoclosure () -> String, _ value: Bool) { put(name(), value ? 1 : 0 as Float) }

    /// One value for each group of `groups`.
    mutating func put(_ prefix: StaticString, _ groups: WordGroups, _ mask: UInt32) {
        for (bit, group) in groups.names.enumerated() { put("\(prefix) \(group)", mask >> UInt32(bit) & 1 == 1) }
    }
}
