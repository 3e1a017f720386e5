/// A column of a table.
struct TableColumn {
    var heading = ""
    /// Whether its cells stand at its right side, as numbers do.
    var isOnRight = false
    /// How narrow it may become where the table is too wide; its cells are then cut, with `…`. Nil: it is never cut.
    var least: Int?
    /// What its cells are cut to, without `…`, before anything is left out: a day without its time.
    var short: Int?
    /// The column of the highest rank is left out first where the table is still too wide; that of rank 0 never.
    var rank = 0
}

/// What stands in a column of a line.
struct TableCell {
    /// Printable, without escape sequences.
    let text: String
    var style: (String) -> String = { $0 }

    init(_ text: String, _ style: @escaping (String) -> String = { $0 }) {
        self.text = text
        self.style = style
    }
}

/// Puts the lines of a table into the width of a terminal: no line is longer, as far as that is possible.
struct TableLayout {
    private static let gap = 2

    private let columns: [TableColumn]
    private let isFitted: Bool
    /// Of each column; nil if it is left out.
    let widths: [Int?]

    /// - Parameters:
    ///   - widest: of each column the width of its widest cell.
    ///   - width: of the terminal; nil where there is none: nothing is cut then.
    init(_ columns: [TableColumn], widest: [Int], width: Int?) {
        self.columns = columns
        isFitted = width != nil
        let natural = zip(columns, widest).map { max(displayWidth($0.heading), $1) }
        guard let width else {
            widths = natural
            return
        }
        var widths = natural.map(Optional.some)
        func total() -> Int { widths.compactMap(\.self).reduce(-Self.gap) { $0 + $1 + Self.gap } }
        /// What is still to be saved when all that can be cut is cut.
        func excess() -> Int {
            let savings = columns.indices.map { index in widths[index].map { max(0, $0 - (columns[index].least ?? $0)) } ?? 0 }
            return total() - savings.reduce(0, +) - width
        }
        for (index, column) in columns.enumerated() where excess() > 0 {
            if let short = column.short { widths[index] = min(natural[index], short) }
        }
        while excess() > 0 {
            let others = columns.indices.filter { columns[$0].rank > 0 && widths[$0] != nil }
            guard let first = others.max(by: { columns[$0].rank < columns[$1].rank }) else { break }
            widths[first] = nil
        }
        while total() > width {
            let others = columns.indices.filter { index in widths[index].map { $0 > columns[index].least ?? .max } ?? false }
            guard let widest = others.max(by: { (widths[$0] ?? 0) < (widths[$1] ?? 0) }) else { break }
            widths[widest] = widths[widest].map { $0 - 1 }
        }
        self.widths = widths
    }

    /// The layout for these lines.
    init(_ columns: [TableColumn], for lines: [[TableCell]], width: Int?) {
        let widest = columns.indices.map { index in lines.map { displayWidth($0[index].text) }.max() ?? 0 }
        self.init(columns, widest: widest, width: width)
    }

    var heading: String { line(columns.map { TableCell($0.heading, Style.dim) }) }

    func line(_ cells: [TableCell]) -> String {
        let shown = columns.indices.filter { widths[$0] != nil }
        return shown.map { index in
            let (column, width, cell) = (columns[index], widths[index] ?? 0, cells[index])
            let text = !isFitted ? cell.text : width == column.short ? String(cell.text.prefix(width)) : fitted(cell.text, to: width)
            let spaces = String(repeating: " ", count: max(0, width - displayWidth(text)))
            if column.isOnRight { return spaces + cell.style(text) }
            // No spaces at the end of a line.
            return cell.style(text) + (index == shown.last ? "" : spaces)
        }.joined(separator: String(repeating: " ", count: Self.gap))
    }
}
