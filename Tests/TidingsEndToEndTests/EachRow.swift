import Testing

/// Runs `body` for each row of a table, several rows at a time. For rows that have an installation of their own and mostly wait:
/// the tests of a suite run one after the other.
///
/// What a row throws is an issue that names the row, and the others go on.
/// - Returns: what the rows that came to their end gave, in any order.
@discardableResult
func forEachRow<Row: Sendable, Result: Sendable>(
    of rows: some Collection<Row>, atOnce width: Int = 4, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: @escaping @Sendable (Row) async throws -> Result
) async -> [Result] {
    #expect(!rows.isEmpty, "a table without rows", sourceLocation: sourceLocation)
    return await withTaskGroup(of: Result?.self) { group in
        var results: [Result] = []
        for (number, row) in rows.enumerated() {
            if number >= width, let result = await group.next() ?? nil { results.append(result) }
            group.addTask {
                do {
                    return try await body(row)
                } catch {
                    Issue.record("\(row): \(error)", sourceLocation: sourceLocation)
                    return nil
                }
            }
        }
        for await result in group { if let result { results.append(result) } }
        return results
    }
}
