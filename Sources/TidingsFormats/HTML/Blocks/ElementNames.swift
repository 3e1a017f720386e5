import TidingsCore

/// The groups of `BlockWords.names` that the names of a page's elements belong to, looked up once for each element.
struct ElementNames {
    private let nodes: HTMLNodes
    private var masks: [UInt32?]

    init(_ nodes: HTMLNodes) {
        self.nodes = nodes
        masks = [UInt32?](repeating: nil, count: nodes.all.count)
    }

    mutating func mask(_ node: Int) -> UInt32 {
        if let known = masks[node] { return known }
        var mask: UInt32 = 0
        _ = nodes.hasAttribute(of: node) { name, value in
            if Self.isNaming(nodes.bytes[name]) { mask |= Self.mask(nodes.bytes[value]) }
            return false
        }
        masks[node] = mask
        return mask
    }

    private static func isNaming(_ name: ArraySlice<UInt8>) -> Bool {
        switch name.count {
        case 2: name.elementsEqual("id".utf8)
        case 4: name.elementsEqual("role".utf8)
        case 5: name.elementsEqual("class".utf8)
        case 8: name.elementsEqual("itemprop".utf8)
        case 7...14:
            name.starts(with: "data-".utf8)
                && ["data-testid", "data-test-id", "data-component", "data-type", "data-module", "data-name", "data-qa", "data-role"]
                    .contains { name.elementsEqual($0.utf8) }
        default: false
        }
    }

    /// The limit of the names that are looked at, in bytes. Longer ones are lists of layout rules.
    private static let limitBytes = 400

    /// The groups of all words of all names in `value`: `post-body`, `post_body` and `postBody` have two.
    private static func mask(_ value: ArraySlice<UInt8>) -> UInt32 {
        var mask: UInt32 = 0
        var isState = false
        for (hash, beginsName) in NameHashes(value.prefix(limitBytes)) {
            if beginsName { isState = false }
            if BlockWords.states.contains(hash) { isState = true } else if !isState { mask |= BlockWords.names.mask(hash) }
        }
        return mask
    }
}
