/// A trained model: gradient-boosted decision trees, as a table that is part of the program. How it was trained, on what,
/// and how to train it again: Tests/Extraction/README.md.
struct TreeModel {
    /// The names of the features that the trees ask about.
    let features: [String]
    private var nodes: [Node] = []
    private var roots: [Int] = []

    private struct Node {
        /// Index of a feature, or -1 for a leaf.
        var feature: Int32
        /// Where the feature is not above this, the next node follows; of a leaf: what it adds to the sum.
        var value: Float
        /// The node that follows where it is above.
        var above: Int32 = 0
        /// The mean of what the leaves below added in training, for explanations.
        var mean: Float
    }

    /// Tells the blocks of an article from those around it.
    static let blocks = TreeModel(blocksTable, BlockFeatures.names)

    // Each tells one kind of page from the others.
    static let article = TreeModel(articleTable, PageText.contentFeatureNames)
    static let documentation = TreeModel(documentationTable, PageText.contentFeatureNames)
    static let forum = TreeModel(forumTable, PageText.contentFeatureNames)
    static let listing = TreeModel(listingTable, PageText.contentFeatureNames)

    /// - Parameters:
    ///   - table: the names of the features on the first line, separated by `;`. Then one tree on each line, in prefix
    ///     order: `3<12.5:-0.4` asks whether the third feature (from 0) is at most 12.5, and is followed by the tree for yes
    ///     and the tree for no; -0.4 is the mean of what is known of all that come here. `=-0.12` is a leaf.
    ///   - names: the features in the order in which blocks have them. One that is missing is a mistake in the program.
    init(_ table: StaticString, _ names: [String]) {
        let lines = table.description.split(separator: "\n")
        let features = lines[0].split(separator: ";").map(String.init)
        self.features = features
        let positions = features.map { name in
            guard let position = names.firstIndex(of: name) else { preconditionFailure("no feature is named \(name)") }
            return Int32(position)
        }
        for line in lines.dropFirst() {
            roots.append(nodes.count)
            var entries = line.split(separator: " ")[...]
            readTree(&entries, positions)
        }
    }

    private mutating func readTree(_ entries: inout ArraySlice<Substring>, _ positions: [Int32]) {
        let entry = entries.removeFirst()
        let index = nodes.count
        guard entry.first != "=" else {
            let value = Float(entry.dropFirst()) ?? 0
            nodes.append(Node(feature: -1, value: value, mean: value))
            return
        }
        let parts = entry.split { $0 == "<" || $0 == ":" }
        guard parts.count == 3, let feature = Int(parts[0]), let value = Float(parts[1]), let mean = Float(parts[2]) else {
            preconditionFailure("\(entry) is no question")
        }
        nodes.append(Node(feature: positions[feature], value: value, mean: mean))
        readTree(&entries, positions)
        nodes[index].above = Int32(nodes.count)
        readTree(&entries, positions)
    }

    /// How sure the model is of what it tells, 0…1; 0.5 is undecided.
    func score(_ values: [Float]) -> Float { Self.score(ofSum: sum(values)) }

    private func sum(_ values: [Float]) -> Float {
        var sum: Float = 0
        for root in roots {
            var index = root
            while nodes[index].feature >= 0 { index = next(index, values) }
            sum += nodes[index].value
        }
        return sum
    }

    private func next(_ index: Int, _ values: [Float]) -> Int {
        let node = nodes[index]
        return values[Int(node.feature)] <= node.value ? index + 1 : Int(node.above)
    }

    /// Close to the logistic function, but exact to the bit on every machine.
    private static func score(ofSum sum: Float) -> Float { 0.5 + 0.5 * sum / (sum * sum + 3).squareRoot() }

    /// What each feature adds to the sum: by how much the mean changes at the questions that ask about it.
    /// Together with what is the same for all blocks, they are the sum.
    func contributions(_ values: [Float]) -> [Int: Float] {
        var contributions: [Int: Float] = [:]
        for root in roots {
            var index = root
            while nodes[index].feature >= 0 {
                let after = next(index, values)
                contributions[Int(nodes[index].feature), default: 0] += nodes[after].mean - nodes[index].mean
                index = after
            }
        }
        return contributions
    }
}
