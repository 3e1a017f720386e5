import Testing
import TidingsWatch
@testable import TidingsDaemon

@Suite("Renames that the kernel told of") struct RenamesTests {
    private let now = ContinuousClock.now

    private func raw(_ text: String) -> RawPath { Array(text.utf8) }

    private func origins(_ renames: [(new: String, old: String)], of paths: [String], missing: [String]) -> [String: String] {
        var all = Renames()
        for (new, old) in renames { all.add([raw(new): raw(old)], at: now) }
        let found = all.of(paths.map(raw), from: Set(missing.map(raw)))
        return Dictionary(uniqueKeysWithValues: found.map { (pathKey($0.key), pathKey($0.value)) })
    }

    @Test("a file, a file in a renamed folder, several renames in a row")
    func origins() {
        #expect(origins([("b", "a")], of: ["b", "c"], missing: ["a"]) == ["b": "a"])
        #expect(origins([("new", "old")], of: ["new/x/a"], missing: ["old/x/a"]) == ["new/x/a": "old/x/a"])
        #expect(origins([("b", "a"), ("c", "b")], of: ["c"], missing: ["a"]) == ["c": "a"])
        #expect(origins([("new/b", "new/a"), ("new", "old")], of: ["new/b"], missing: ["old/a"]) == ["new/b": "old/a"])
    }

    @Test("nothing where the old file is not missing, where two changed places, or after a minute")
    func none() {
        #expect(origins([("b", "a")], of: ["b"], missing: ["c"]).isEmpty)
        #expect(origins([("b", "a"), ("a", "b")], of: ["a", "b"], missing: ["c"]).isEmpty)
        var all = Renames()
        all.add([raw("b"): raw("a")], at: now)
        all.add([raw("d"): raw("c")], at: now + .seconds(61))
        #expect(all.of([raw("b"), raw("d")], from: [raw("a"), raw("c")]) == [raw("d"): raw("c")])
    }
}
