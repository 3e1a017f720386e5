import Testing
@testable import TidingsWatch

@Suite("the memory of a root")
struct FileTableTests {
    @Test("what was set is found, what was removed is not, however the table grew in between")
    func remembers() {
        var table = FileTable()
        var model: [RawPath: UInt64] = [:]
        var random = SystemRandomNumberGenerator()
        for step in 0..<30_000 {
            let path = raw("folder/\(random.next() % 5_000)")
            if step % 3 == 2 {
                table.remove(path)
                model[path] = nil
            } else {
                table.set(path, fingerprint: UInt64(step) * 2 + 2)
                model[path] = UInt64(step) * 2 + 2
            }
        }
        #expect(table.count == model.count)
        for number in 0..<5_000 as Range<UInt64> {
            let path = raw("folder/\(number)")
            #expect(table.fingerprint(of: path) == model[path])
        }
    }

    @Test("what a scan did not see is unmarked, until it is seen or set")
    func marks() {
        var table = FileTable()
        for name in ["a", "b", "c"] { table.set(raw(name), fingerprint: 8) }
        table.beginScan()
        #expect(table.unmarkedCount == 3)
        let areUnchanged = [("a", 8), ("b", 10), ("new", 8)].map { table.see(raw($0), fingerprint: $1) }
        #expect(areUnchanged == [true, false, false])
        #expect(table.unmarkedCount == 1)
        #expect(["a", "b", "c", "new", "never"].map { table.isUnmarked(raw($0)) } == [false, false, true, false, true])
        #expect(table.fingerprint(of: raw("b")) == 8)
        #expect(table.fingerprint(of: raw("new")) == FileTable.unknown)
        table.remove(raw("c"))
        #expect(table.count == 3)
        #expect(table.unmarkedCount == 0)
        #expect(table.fingerprint(of: raw("c")) == nil)
    }

    @Test("a million files fit in 32 MB")
    func fits() {
        var table = FileTable()
        for number in 0..<1_000_000 { table.set(raw("2026/\(number).txt"), fingerprint: 2) }
        #expect(table.count == 1_000_000)
        #expect(table.sizeBytes <= 32 << 20)
    }
}
