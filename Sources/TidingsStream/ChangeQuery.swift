/// Which changes a reader of the stream asks for, and from where on.
package struct ChangeQuery: Equatable, Sendable {
    package enum Begin: Equatable, Sendable {
        /// After the change that the cursor names, which must be of the stream that is read.
        case cursor(StreamCursor)
        /// After this change of whatever stream is read; 0 is the beginning of it.
        case after(Int64)
        /// With the oldest change that is kept.
        case oldest
    }

    package let begin: Begin
    /// Of the changes that are there at the beginning, only the last so many that pass the filter; nil for all.
    package let last: Int?
    package let filter: ChangeFilter

    package init(begin: Begin, last: Int? = nil, filter: ChangeFilter = ChangeFilter()) {
        self.begin = begin
        self.last = last
        self.filter = filter
    }

    var readerStart: ChangeReader.Start {
        switch begin {
        case .cursor(let cursor): .cursor(stream: cursor.stream, sequence: cursor.sequence)
        case .after(let sequence): .after(sequence)
        case .oldest: .last(countsFromEnd ? last ?? .max : .max)
        }
    }

    /// How many lines to hold until all that is there at the beginning is read; nil to hold none.
    var heldLines: Int? { countsFromEnd ? nil : last }

    /// Whether the reader can go straight to the last so many. Those that pass a filter, or come after a change, may stand anywhere.
    private var countsFromEnd: Bool { begin == .oldest && filter.isEmpty }
}
