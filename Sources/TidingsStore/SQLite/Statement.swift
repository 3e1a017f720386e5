import CSQLite

/// A value that is bound to a parameter.
enum SQLValue {
    case integer(Int64), text(String), blob([UInt8]), null

    static func optional(_ value: Int64?) -> SQLValue { value.map(SQLValue.integer) ?? .null }
    static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
}

/// A prepared statement. It keeps its connection alive.
@safe final class Statement {
    private let handle: OpaquePointer
    private let connection: Connection

    fileprivate init(handle: OpaquePointer, connection: Connection) {
        unsafe self.handle = handle
        self.connection = connection
    }

    convenience init(_ handle: OpaquePointer, of connection: Connection) {
        unsafe self.init(handle: handle, connection: connection)
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Runs the statement for its effect.
    func run(_ values: SQLValue...) throws(StoreError) { try run(values) }

    func run(_ values: [SQLValue]) throws(StoreError) {
        defer { reset() }
        try bind(values)
        while try step() {}
    }

    /// Runs an INSERT of one row.
    /// - Returns: the row's number; nil if `ON CONFLICT DO NOTHING` rejected it. `RETURNING` gives the same answer, but builds a
    ///   table in memory at each run.
    func insert(_ values: SQLValue...) throws(StoreError) -> Int64? {
        try run(values)
        return connection.changedRows > 0 ? connection.lastInsertedRow : nil
    }

    /// The result of `read` for the first row; nil if there is no row.
    func first<Result>(
        _ values: SQLValue..., read: (borrowing Row) throws(StoreError) -> Result
    ) throws(StoreError) -> Result? {
        try first(values, read: read)
    }

    func first<Result>(
        _ values: [SQLValue], read: (borrowing Row) throws(StoreError) -> Result
    ) throws(StoreError) -> Result? {
        defer { reset() }
        try bind(values)
        guard try step() else { return nil }
        return try unsafe read(Row(handle, connection))
    }

    /// Calls `read` with each row, until it returns false.
    func each(_ values: SQLValue..., read: (borrowing Row) throws(StoreError) -> Bool) throws(StoreError) {
        try each(values, read: read)
    }

    func each(_ values: [SQLValue], read: (borrowing Row) throws(StoreError) -> Bool) throws(StoreError) {
        defer { reset() }
        try bind(values)
        while try step() {
            guard try unsafe read(Row(handle, connection)) else { return }
        }
    }

    private func bind(_ values: [SQLValue]) throws(StoreError) {
        for (position, value) in values.enumerated() {
            let index = Int32(position + 1)
            let code: Int32
            switch value {
            case .integer(let number): code = unsafe sqlite3_bind_int64(handle, index, number)
            case .null: code = unsafe sqlite3_bind_null(handle, index)
            case .text(var text):
                code = text.withUTF8 { utf8 in
                    unsafe utf8.withMemoryRebound(to: CChar.self) { characters in
                        // The pointer of an empty text is null, and a null pointer would bind NULL.
                        unsafe characters.isEmpty
                            ? tidings_bind_text_copy(handle, index, "", 0)
                            : tidings_bind_text_copy(handle, index, characters.baseAddress, Int32(characters.count))
                    }
                }
            case .blob(let bytes):
                code = unsafe bytes.withUnsafeBytes { buffer in
                    unsafe buffer.isEmpty
                        ? sqlite3_bind_zeroblob(handle, index, 0)
                        : tidings_bind_blob_copy(handle, index, buffer.baseAddress, Int32(buffer.count))
                }
            }
            guard code == SQLITE_OK else { throw connection.error("bind a value", code: code) }
        }
    }

    private func step() throws(StoreError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let sql = unsafe sqlite3_sql(handle).map { unsafe String(cString: $0) } ?? ""
            throw connection.error("run \(sql.prefix(60))", code: code)
        }
    }

    private func reset() {
        // "If the most recent call to sqlite3_step(S) indicated an error, then sqlite3_reset(S) returns an appropriate error
        // code" (sqlite.org/c3ref/reset.html): the code that `step` has already thrown.
        unsafe sqlite3_reset(handle)
    }
}

/// The current row of a statement. Valid only until the next step.
@safe struct Row: ~Copyable {
    private let handle: OpaquePointer
    /// The statement keeps it alive for as long as there is this row.
    private let connection: Unmanaged<Connection>

    fileprivate init(_ handle: OpaquePointer, _ connection: Connection) {
        unsafe self.handle = handle
        unsafe self.connection = Unmanaged.passUnretained(connection)
    }

    var forms: Decompressor { unsafe connection.takeUnretainedValue().forms }
    var lines: Decompressor { unsafe connection.takeUnretainedValue().lines }

    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    func real(_ column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }

    func optionalInteger(_ column: Int32) -> Int64? {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
    }

    func optionalText(_ column: Int32) -> String? {
        guard let text = unsafe sqlite3_column_text(handle, column) else { return nil }
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func text(_ column: Int32) -> String { optionalText(column) ?? "" }

    func blob(_ column: Int32) -> [UInt8] { unsafe withBlob(column) { unsafe [UInt8]($0) } }

    /// Calls `body` with the bytes, which are SQLite's.
    func withBlob<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    }
}
