import Glibc
import Testing
import TidingsCore

@testable import TidingsStream

@Suite("recovery of the change file") struct RecoveryTests {
    enum Outcome { case sameFile, newFile, newFileAndCopy }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let damage: @Sendable (Folder, Rows) throws -> Void
        let outcome: Outcome

        init(_ description: String, _ outcome: Outcome, _ damage: @escaping @Sendable (Folder, Rows) throws -> Void) {
            testDescription = description
            self.damage = damage
            self.outcome = outcome
        }
    }

    static let cases: [Case] = [
        Case("an intact file stays as it is", .sameFile) { _, _ in },
        Case("a torn last line gets its missing suffix", .sameFile) { folder, _ in
            try folder.overwrite(folder.bytes().dropLast(40))
        },
        Case("a line that lacks only its end gets it", .sameFile) { folder, _ in
            try folder.overwrite(folder.bytes().dropLast(1))
        },
        Case("a line of which one byte stands is completed", .sameFile) { folder, rows in
            try folder.overwrite(folder.bytes().dropLast(rows.all.last!.bytes.count - 1))
        },
        Case("missing lines are appended", .sameFile) { folder, rows in
            try folder.overwrite(folder.bytes().dropLast(rows.bytes(15...20).count))
        },
        Case("a file with nothing but its header gets all lines", .sameFile) { folder, rows in
            try folder.overwrite(folder.bytes().dropLast(rows.bytes(1...20).count))
        },
        Case("an edited line has the segment made anew", .newFileAndCopy) { folder, _ in
            var bytes = try folder.bytes()
            bytes[bytes.count - 500] ^= 1
            try folder.overwrite(bytes)
        },
        Case("zeros in the tail have the segment made anew", .newFileAndCopy) { folder, _ in
            try folder.overwrite(folder.bytes().dropLast(700) + [UInt8](repeating: 0, count: 700))
        },
        Case("zeros past the end have the segment made anew", .newFileAndCopy) { folder, _ in
            try folder.append([UInt8](repeating: 0, count: 4096))
        },
        Case("an appended line of garbage has the segment made anew", .newFileAndCopy) { folder, _ in
            try folder.append(Array("hello\n".utf8))
        },
        Case("more garbage than a line can have has the segment made anew", .newFileAndCopy) { folder, _ in
            try folder.append([UInt8](repeating: 0x61, count: 300_000))
        },
        Case("a line of another number has the segment made anew", .newFileAndCopy) { folder, rows in
            try folder.append(rows.bytes(3...3))
        },
        Case("a torn line that is not the row's has the segment made anew", .newFileAndCopy) { folder, rows in
            try folder.overwrite(folder.bytes().dropLast(rows.bytes(20...20).count) + Array(#"{"specversion":"2"#.utf8))
        },
        Case("a file without a header is made anew", .newFileAndCopy) { folder, rows in
            try folder.overwrite(rows.bytes(1...20))
        },
        Case("half a header is made anew", .newFileAndCopy) { folder, _ in try folder.overwrite(folder.bytes().prefix(30) + []) },
        Case("a FIFO in its place is moved aside", .newFileAndCopy) { folder, _ in
            folder.remove()
            unsafe mkfifo(folder.live, 0o600)
        },
        Case("a link in its place is moved aside and not followed", .newFileAndCopy) { folder, _ in
            folder.remove()
            unsafe symlink("/etc/hostname", folder.live)
        },
        Case("a missing file is made anew", .newFile) { folder, _ in folder.remove() },
        Case("an empty file is replaced", .newFile) { folder, _ in try folder.overwrite([]) },
        Case("what a killed rebuild left is removed", .sameFile) { folder, _ in
            try folder.overwrite(Array("half".utf8), name: "changes.ndjson.new")
        },
    ]

    @Test("at start", arguments: cases)
    func atStart(_ row: Case) throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.publish(rows)
        let inode = try folder.inode()
        try row.damage(folder, rows)
        try folder.publish(rows)
        try expectExact(folder, rows)
        try expect(row.outcome, folder, inode: inode)
    }

    @Test("while running", arguments: cases)
    func whileRunning(_ row: Case) throws {
        let folder = try Folder()
        let rows = Rows(20)
        var file = try folder.open(rows)
        _ = try file.publish()
        let inode = try folder.inode()
        try row.damage(folder, rows)
        rows.commit(5)
        #expect(try file.publish() == 25)
        try expect(row.outcome, folder, inode: inode)
        folder.remove("changes.ndjson.new")
        try expectExact(folder, rows)
    }

    private func expect(_ outcome: Outcome, _ folder: Folder, inode: ino_t) throws {
        let copies = try folder.names().filter { $0.contains(".damaged") }
        #expect(copies == (outcome == .newFileAndCopy ? ["changes.ndjson.damaged"] : []))
        if outcome == .sameFile { #expect(try folder.inode() == inode) }
    }

    @Test("an edit far before the tail is found at the next publish")
    func earlyEdit() throws {
        let folder = try Folder()
        let rows = Rows(2000)
        var file = try folder.open(rows)
        _ = try file.publish()
        var bytes = try folder.bytes()
        bytes[1_900] ^= 1
        try folder.overwrite(bytes)
        _ = try file.publish()
        try expectExact(folder, rows)
        #expect(try folder.bytes("changes.ndjson.damaged") == bytes)
    }

    @Test("no damaged copy replaces an older one")
    func copies() throws {
        let folder = try Folder()
        let rows = Rows(3)
        for word in ["one\n", "two\n", "three\n"] {
            try folder.publish(rows)
            try folder.append(Array(word.utf8))
        }
        try folder.publish(rows)
        let copies = ["changes.ndjson.damaged", "changes.ndjson.damaged-2", "changes.ndjson.damaged-3"]
        #expect(try folder.names() == ["changes.ndjson"] + copies)
        #expect(try folder.bytes("changes.ndjson.damaged").suffix(4).elementsEqual("one\n".utf8))
        try expectExact(folder, rows)
    }

    @Test("a file that is ahead of the ledger is left alone, at start and while running")
    func ahead() throws {
        let folder = try Folder()
        let rows = Rows(20)
        var file = try folder.open(rows)
        _ = try file.publish()
        let bytes = try folder.bytes()
        rows.lose(6)
        let expected = StreamError(.aheadOfLedger(highest: 20, last: 14), attempt: "recover", path: folder.live)
        #expect(throws: expected) { _ = try folder.open(rows) }
        try folder.append([])
        unsafe utimes(folder.live, nil)
        #expect(throws: expected) { _ = try file.publish() }
        #expect(try folder.names() == ["changes.ndjson"])
        #expect(try folder.bytes() == bytes)
    }

    @Test("the name of a sealed file that is ahead of the ledger, with nothing of ours in it, makes nobody leave out changes", arguments: [
        false, true,
    ])
    func strayName(isLiveGone: Bool) throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.seal(rows)
        rows.commit(5)
        try folder.publish(rows)
        let stray = StreamFolder.sealedName(first: 99_999)
        try folder.overwrite(Array("somebody's\n".utf8), name: stray)
        if isLiveGone { folder.remove() }
        try folder.publish(rows)
        rows.commit(5)
        try folder.publish(rows)
        try expectExact(folder, rows)
        #expect(try folder.bytes(stray + ".damaged") == Array("somebody's\n".utf8))
    }

    @Test("a sealed file that is ahead of the ledger is found behind one that says nothing")
    func aheadBehindStray() throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.seal(rows)
        try folder.overwrite([], name: StreamFolder.sealedName(first: 99_999))
        folder.remove()
        rows.lose(6)
        #expect(throws: StreamError(.aheadOfLedger(highest: 20, last: 14), attempt: "recover", path: folder.live)) {
            _ = try folder.open(rows)
        }
    }

    @Test("after a reset the old stream's files are set aside and the new one begins")
    func reset() throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.seal(rows)
        rows.commit(5)
        try folder.publish(rows)
        let old = try folder.bytes()
        rows.stream = otherStreamID
        rows.oldest = 26
        rows.commit(3)
        for step in 1... {
            let wasKilled = try dies(at: step) {
                var file = try folder.open(rows)
                _ = try file.publish()
            }
            if !wasKilled { break }
            #expect(unsafe access(folder.live, F_OK) == 0)
        }
        try expectExact(folder, rows, from: 26)
        #expect(try folder.names().count == 3)
        #expect(try folder.bytes("changes-0000000000000000021.\(streamID).ndjson") == old)
    }

    @Test("a header with another stream id over lines of ours is damage and no reset")
    func editedHeader() throws {
        let folder = try Folder()
        let rows = Rows(20)
        try folder.publish(rows)
        let header = ChangeLine.header(stream: otherStreamID, first: 1, milliseconds: start)
        try folder.overwrite(header + rows.bytes(1...20))
        try folder.publish(rows)
        try expectExact(folder, rows)
        #expect(try folder.names() == ["changes.ndjson", "changes.ndjson.damaged"])
    }

    @Test("a kill at any step of a rebuild leaves what the next start makes right")
    func killedRebuild() throws {
        for step in 1... {
            let folder = try Folder()
            let rows = Rows(40)
            try folder.publish(rows)
            try folder.append(Array("garbage\n".utf8))
            let wasKilled = try dies(at: step) { _ = try folder.open(rows) }
            #expect(unsafe access(folder.live, F_OK) == 0)
            try folder.publish(rows)
            try expectExact(folder, rows, "after step \(step)")
            #expect(try folder.bytes("changes.ndjson.damaged").suffix(8).elementsEqual("garbage\n".utf8))
            if !wasKilled { break }
        }
    }

    @Test("a sealed segment that is damaged or missing between others is made anew", arguments: ["damaged", "missing", "torn"])
    func sealedSegments(_ kind: String) throws {
        let folder = try Folder()
        let rows = Rows()
        var file = try folder.open(rows)
        for _ in 1...4 {
            rows.commit(10)
            _ = try file.publish()
            folder.now += 100 * second
            _ = try file.rotate(.requested)
        }
        let name = StreamFolder.sealedName(first: 11)
        switch kind {
        case "damaged": try folder.overwrite(Array("nothing\n".utf8), name: name)
        case "torn": try folder.overwrite(folder.bytes(name).dropLast(5), name: name)
        default: folder.remove(name)
        }
        try folder.publish(rows)
        try expectExact(folder, rows)
        folder.remove(StreamFolder.sealedName(first: 1))
        try folder.publish(rows)
        try expectExact(folder, rows, from: 11, "what was deleted from the old end stays away")
    }
}
