import TidingsCore

extension ChangeFile {
    /// Makes a segment from the rows under a temporary name, and renames it to `name` when all of it is on the disk. A file that
    /// had the name before is replaced in one step, so that the name never disappears.
    /// - Parameter through: the last change in it; nil for all that are committed.
    mutating func makeSegment(_ name: String, first: Int64, through: Int64?) throws -> Live {
        let createdMilliseconds = nowMilliseconds()
        let temporary = folder.temporaryPath(for: name)
        try folder.remove(temporary)
        guard let file = try OpenFile(temporary, for: .createAnew) else {
            throw StreamError(.noStream, attempt: "make", path: temporary)
        }
        var last = first - 1
        do {
            try reach(.segmentBegun)
            try write(ChangeLine.header(stream: stream, first: first, milliseconds: createdMilliseconds), to: file)
            while last < through ?? .max {
                let batch = try committed.lines(after: last, limitBytes: limits.batchBytes)
                    .prefix { $0.sequence <= through ?? .max }
                guard let next = batch.first else {
                    guard through != nil else { break }
                    // The rows were pruned meanwhile. A file that ends too soon would be taken for the whole segment.
                    throw StreamError(.hole(sequence: last + 1), attempt: "make", path: temporary)
                }
                guard next.sequence == last + 1 else {
                    throw StreamError(.hole(sequence: last + 1), attempt: "make", path: temporary)
                }
                try write(batch.flatMap(\.bytes), to: file)
                last += Int64(batch.count)
                onProgress()
            }
            try reach(.segmentWritten)
        } catch let error as StreamError {
            // On a full disk the unfinished segment would take space from everybody.
            try folder.remove(temporary)
            throw error
        }
        try sync(file, then: .segmentSynced)
        try folder.move(temporary, to: folder.path(of: name))
        try reach(.segmentRenamed)
        try syncFolder()
        try reach(.segmentNamed)
        return Live(
            file: file, first: first, createdMilliseconds: createdMilliseconds, last: last, fragment: [],
            stamp: try file.stamp())
    }

    private func write(_ bytes: [UInt8], to file: OpenFile) throws {
        var written = 0
        while written < bytes.count {
            let room = room(bytes.count - written)
            guard room > 0 else { throw StreamError(.noSpace, attempt: "write", path: file.path) }
            written += try file.append(bytes, from: written, limit: room)
        }
    }
}
