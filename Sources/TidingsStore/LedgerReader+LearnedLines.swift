import TidingsCore

/// A host with learned lines.
package struct LearnedHost: Equatable, Sendable {
    package let host: String
    package let lines: Int
    /// The articles whose lines were counted.
    package let articles: Int

    package var json: [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.object { json in
            json.field("host", host)
            json.field("lines", lines)
            json.field("articles", articles)
        }
        return json.bytes
    }
}

/// A line that new texts of the host are made without.
package struct LearnedLine: Equatable, Sendable {
    package let text: String
    /// In how many of them it stood.
    package let articles: Int
    /// The number of the host's set that first had it.
    package let since: Int

    package var json: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.field("line", text)
            json.field("articles", articles)
            json.field("since", since)
        }
        return json.bytes
    }
}

extension LedgerReader {
    /// The hosts with learned lines, by name.
    package func learnedHosts() throws(StoreError) -> [LearnedHost] {
        guard try Schema.hasPages(connection) else { return [] }
        var list: [LearnedHost] = []
        try statement(
            """
            SELECT l.host, count(*), s.pages FROM learned_lines l JOIN learned_sets s USING (host)
            WHERE l.since IS NOT NULL AND l.until IS NULL GROUP BY l.host ORDER BY l.host
            """
        ).each { row in
            list.append(LearnedHost(host: row.text(0), lines: Int(row.integer(1)), articles: Int(row.integer(2))))
            return true
        }
        return list
    }

    /// The learned lines of a host, those of the first set first.
    package func learnedLines(of host: String) throws(StoreError) -> [LearnedLine] {
        guard try Schema.hasPages(connection) else { return [] }
        var list: [LearnedLine] = []
        try statement(
            "SELECT text, pages, since FROM learned_lines WHERE host = ? AND since IS NOT NULL AND until IS NULL ORDER BY since, row"
        ).each(.text(host)) { row in
            list.append(LearnedLine(text: row.text(0), articles: Int(row.integer(1)), since: Int(row.integer(2))))
            return true
        }
        return list
    }
}

extension LedgerRepair {
    /// Forgets the learned lines of `host` that start with `prefix`. They are not learned again. The next set is without them; articles
    /// whose texts were made without them stay as they are until their next edit.
    /// - Returns: how many.
    package func forgetLines(of host: String, startingWith prefix: String) throws(StoreError) -> Int {
        guard try Schema.hasPages(connection) else { return 0 }
        return try connection.transaction { () throws(StoreError) in
            try connection.prepare(
                """
                UPDATE learned_lines SET until = (SELECT newest + 1 FROM learned_sets s WHERE s.host = learned_lines.host)
                WHERE host = ?1 AND since IS NOT NULL AND until IS NULL AND substr(text, 1, length(?2)) = ?2
                """
            ).run(.text(host), .text(prefix))
            let count = connection.changedRows
            if count > 0 { try connection.prepare("UPDATE learned_sets SET newest = newest + 1 WHERE host = ?").run(.text(host)) }
            return count
        }
    }
}
