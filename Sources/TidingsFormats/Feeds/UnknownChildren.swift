import TidingsCore

/// The elements in a feed's head that nothing is known of. They matter only if the feed has no item: then its items may be
/// among them, under another name, and a person must learn of it.
struct UnknownChildren {
    private static let limit = 5

    let root: String
    private var names: [String] = []

    init(root: String) { self.root = root }

    /// Notes the element that has just started. Another vocabulary's element that has none inside it is an ordinary
    /// remark on the feed.
    mutating func add(_ reader: inout XMLReader) {
        let name = String(reader.name.local.unicodeScalars.prefix(40))
        guard names.count < Self.limit, !names.contains(name) else { return }
        if reader.name.namespace == .other {
            let depth = reader.depth
            guard reader.nextChild(of: depth) else { return }
        }
        names.append(name)
    }

    func report(_ reader: inout XMLReader, in document: ParsedDocument) {
        guard document.items.isEmpty, !names.isEmpty else { return }
        let list = names.map { "<\($0)>" }.joined(separator: ", ")
        reader.problems.add(Problem("no item is found in <\(root)>, but \(list), of which nothing is known"))
    }
}
