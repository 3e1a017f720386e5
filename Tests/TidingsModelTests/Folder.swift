import FoundationEssentials
import Glibc
import Synchronization
import TestSupport

@testable import TidingsStore

/// Where histories have their folders, with a ledger that each begins with a copy of.
final class Place: Sendable {
    let path: String
    private let count = Atomic(0)
    var template: String { path + "/template.db" }

    init() throws {
        path = temporaryFolder + "/tidings-model-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = try Ledger(path: template)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func next() -> String { path + "/\(count.add(1, ordering: .relaxed).newValue)" }
}

/// The state folder of one history; removed with it.
final class Folder {
    let path: String
    var database: String { path + "/tidings.db" }
    var stream: String { path + "/stream" }
    var live: String { stream + "/changes.ndjson" }
    private static let suffixes = ["", "-wal", "-shm"]

    init(in place: Place) throws {
        path = place.next()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: place.template, toPath: database)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Copies the database, which nobody has open.
    func backUp() throws {
        for suffix in Self.suffixes {
            try? FileManager.default.removeItem(atPath: path + "/backup" + suffix)
            if FileManager.default.fileExists(atPath: database + suffix) {
                try FileManager.default.copyItem(atPath: database + suffix, toPath: path + "/backup" + suffix)
            }
        }
    }

    func restore() throws {
        loseDatabase()
        for suffix in Self.suffixes where FileManager.default.fileExists(atPath: path + "/backup" + suffix) {
            try FileManager.default.copyItem(atPath: path + "/backup" + suffix, toPath: database + suffix)
        }
    }

    func loseDatabase() {
        for suffix in Self.suffixes { try? FileManager.default.removeItem(atPath: database + suffix) }
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: stream).sorted() }

    func bytes(_ name: String) -> [UInt8] { FileManager.default.contents(atPath: stream + "/" + name).map { Array($0) } ?? [] }

    func size(of names: [String]) -> Int64 { names.reduce(0) { $0 + Int64(bytes($1).count) } }

    /// Writes over a change file in place: the inode stays.
    func overwrite(_ bytes: [UInt8], _ name: String = "changes.ndjson") throws {
        try Data(bytes).write(to: URL(filePath: stream + "/" + name), options: [])
    }
}

extension History {
    func meddle(_ meddling: ExternalEdits, at thousandths: Int) throws {
        guard FileManager.default.fileExists(atPath: folder.live) else { return }
        try spoil(meddling, "changes.ndjson", at: thousandths)
        isTouched = true
        isSpoilt = isSpoilt || [.garbage, .edit, .zeros].contains(meddling)
    }

    func spoil(_ meddling: ExternalEdits, _ name: String, at thousandths: Int) throws {
        let content = folder.bytes(name)
        let place = content.count * thousandths / 1001
        switch meddling {
        case .delete: try FileManager.default.removeItem(atPath: folder.stream + "/" + name)
        case .truncate: try folder.overwrite(Array(content.prefix(place)), name)
        case .empty: try folder.overwrite([], name)
        case .garbage: try folder.overwrite(content + Array("The tide\nis out".utf8), name)
        case .edit:
            guard !content.isEmpty else { return }
            var edited = content
            edited[place] ^= UInt8(1 + thousandths % 255)
            try folder.overwrite(edited, name)
            // A digit of the header says where the file begins.
            mayBeAhead = true
        case .zeros: try folder.overwrite(content.prefix(place) + [UInt8](repeating: 0, count: content.count - place), name)
        }
    }
}
