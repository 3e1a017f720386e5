import TidingsCore

/// What one full pass over all sources has found.
package struct PassReport: Sendable {
    /// Sorted by name.
    let results: [(name: String, result: PassResult)]
    /// How many changes of each type were committed.
    let announced: [ChangeType: Int]
    /// Where they stand.
    let changeFile: String

    var isDone: Bool { results.allSatisfy(\.result.isDone) }

    /// For people: a line for each source, and one for all.
    var lines: [String] {
        let counts = ChangeType.allCases.compactMap { type in announced[type].map { "\($0) \(type.rawValue)" } }
        let changes = "\(counted(announced.values.reduce(0, +), "change")) in \(changeFile)"
        return results.map { "\($0.name): \($0.result.message)" }
            + [changes + (counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))")]
    }

    /// One JSON object. Keys are a contract: fields may be added, none is renamed.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("done", isDone)
            json.field("change_file", changeFile)
            json.field("changes", announced.values.reduce(0, +))
            json.array("types", ChangeType.allCases.filter { announced[$0] != nil }) { json, type in
                json.object { json in
                    json.field("type", type.name)
                    json.field("changes", announced[type])
                }
            }
            json.array("sources", results) { json, source in
                json.object { json in
                    json.field("name", source.name)
                    json.field("done", source.result.isDone)
                    json.field("message", source.result.message)
                }
            }
        }
        return json.bytes
    }
}

/// How a run of the daemon ended.
package struct RunEnd: Sendable {
    /// The exit status.
    package let status: Int32
    /// For the person who started it.
    package let messages: [String]
    /// Of a run over all sources that was not stopped.
    package let pass: PassReport?

    init(_ status: Int32, _ messages: [String] = [], pass: PassReport? = nil) {
        self.status = status
        self.messages = messages
        self.pass = pass
    }
}
