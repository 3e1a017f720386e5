import Foundation
import TestSupport
import Testing
@testable import TidingsCore

private let stream = "0198f2a4-0000-4000-8000-000000000001"
private let time: Int64 = 1_771_581_600_123
private let article = ArticleID(source: "world", key: "a.txt")
private let hash = ContentHash.of(Array("a".utf8))

/// Every field of a change, each with a value.
private let full: Change = {
    var change = Change(
        type: .articleCreated, article: article,
        origin: Origin(source: "world", kind: .feed, key: "1", url: "https://news.test/a", page: "https://news.test/a"))
    change.version = 3
    change.previousVersion = 2
    change.contentHash = hash
    change.previousContentHash = hash
    change.changed = ChangedField.allCases
    change.changeClass = .substantive
    change.charactersAdded = 1
    change.charactersRemoved = 0
    change.reason = .declared
    change.forkedFrom = ArticleVersion(article: article, number: 1)
    change.movedFrom = "0"
    change.isBackfill = true
    change.item = Item(
        title: "A", url: "https://news.test/a", datePublished: ItemDate(year: 2026, month: 2, day: 20),
        dateModified: ItemDate(milliseconds: time), authors: [Author(name: "A", url: "https://news.test/w", email: "a@news.test")],
        language: "en", tags: ["one"], text: "not in the line", rawHash: hash)
    change.characters = 15
    change.state = .failing
    change.detail = "why"
    return change
}()

/// The fields that a type of change has, as `full` has them.
private func change(_ type: ChangeType) -> Change {
    var change = full
    change.type = type
    func keep(_ isKept: Bool, _ drop: (inout Change) -> Void) { if !isKept { drop(&change) } }
    let isArticle = type.rawValue.hasPrefix("article.")
    let isSource = type.rawValue.hasPrefix("source.")
    keep(isArticle) { $0.article = nil; $0.version = nil; $0.contentHash = nil; $0.isBackfill = false }
    keep(isArticle || isSource) { $0.origin = nil }
    if isSource { change.origin = Origin(source: "world", kind: .feed, url: "https://news.test/feed") }
    keep(type == .articleUpdated) {
        $0.previousVersion = nil; $0.previousContentHash = nil; $0.changed = []; $0.changeClass = nil
        $0.charactersAdded = nil; $0.charactersRemoved = nil
    }
    keep(type == .articleRemoved || type == .articleDuplicateRemoved) { $0.reason = nil }
    keep(type == .articleCreated) { $0.forkedFrom = nil }
    keep(type == .articleMoved) { $0.movedFrom = nil }
    keep([.articleCreated, .articleUpdated, .articleRestored, .articleRemoved].contains(type)) { $0.item = nil }
    keep([.articleCreated, .articleUpdated].contains(type)) { $0.characters = nil }
    keep(type == .sourceState) { $0.state = nil }
    keep(type == .sourceState || type == .streamReset) { $0.detail = nil }
    return change
}

private func line(_ change: Change) -> String {
    String(decoding: ChangeLine.encode(change, sequence: 1042, stream: stream, milliseconds: time).dropLast(), as: UTF8.self)
}

/// As long as the line of a change can be: with `cut`.
private func longLine(_ type: ChangeType) -> String {
    var long = change(type)
    if long.detail != nil || long.origin == nil { long.detail = String(repeating: "x", count: 40_000) }
    long.origin?.url = String(repeating: "x", count: 40_000)
    return line(long)
}

/// `line` as a reader gets it who asked for the text.
private func lineWithText(_ line: String) -> String {
    String(decoding: ChangeLine.adding(text: "The text.", to: Array(line.utf8)), as: UTF8.self)
}

/// The document says what the program writes, and all of it: a field or a type that one of them has and the other has not fails here.
@Suite("The schema of the stream's events") struct EventSchemaTests {
    @Test("each line that the program can write is valid and described, and each field of the schema is one of the program's")
    func fields() throws {
        let schema = try EventSchema.event()
        var used: Set<String> = []
        for type in ChangeType.allCases where type != .streamHeader {
            for line in [line(change(type)), longLine(type), lineWithText(line(change(type)))] {
                let findings = try schema.findings(Data(line.utf8))
                #expect(findings.problems == [] && findings.undescribed == [], "\(type): \(line.prefix(400))")
                used.formUnion(findings.used)
            }
        }
        let header = ChangeLine.header(stream: stream, first: 7, milliseconds: time)
        let findings = try schema.findings(Data(header))
        #expect(findings.problems == [] && findings.undescribed == [])
        used.formUnion(findings.used)
        #expect(schema.usable.subtracting(used).sorted() == [], "the schema has fields that no line has")
    }

    // Else a new field of `Change` would be in no line above, and nothing would tell that the schema lacks it.
    @Test("every field of a change is tried")
    func everyFieldIsTried() {
        let absent = Mirror(reflecting: full).children.filter { "\($0.value)" == "nil" || "\($0.value)" == "[]" }.map { $0.label ?? "?" }
        #expect(absent == [])
        let inOrigin = Mirror(reflecting: full.origin as Any).children.first.map { Mirror(reflecting: $0.value) }
        #expect(inOrigin?.children.filter { "\($0.value)" == "nil" }.map(\.label) == [])
    }

    @Test("types, classes, reasons, states, kinds and changed fields are those of the program")
    func names() throws {
        let schema = try JSONDecoder().decode(JSONValue.self, from: EventSchema.file())
        let definitions = try #require(schema["$defs"])
        func choices(_ definition: String, _ path: String...) throws -> [String] {
            let place = try ([definition] + path).reduce(definitions) { place, name in try #require(place[name], "\(name)") }
            return try #require((place["items"] ?? place)["enum"]?.elements).compactMap(\.string)
        }
        func choices(_ type: ChangeType, _ field: String) throws -> [String] {
            try choices(type.rawValue, "properties", "data", "properties", field)
        }
        let types = try #require(schema["oneOf"]?.elements).compactMap { $0["$ref"]?.string }
        #expect(Set(types) == Set(ChangeType.allCases.map { "#/$defs/" + $0.rawValue }) && types.count == ChangeType.allCases.count)
        for type in ChangeType.allCases {
            #expect(definitions[type.rawValue]?["properties"]?["type"]?["const"]?.string == type.name)
        }
        #expect(try choices(.articleUpdated, "class") == ChangeClass.allCases.map(\.rawValue))
        #expect(try choices(.articleUpdated, "changed") == ChangedField.allCases.map(\.rawValue))
        #expect(try choices(.articleRemoved, "reason") == RemovalReason.allCases.map(\.rawValue))
        #expect(try choices(.articleDuplicateRemoved, "reason") == RemovalReason.allCases.map(\.rawValue))
        #expect(try choices(.sourceState, "state") == SourceState.allCases.map(\.rawValue))
        #expect(try choices("origin", "properties", "kind") == SourceKind.allCases.map(\.rawValue))
        #expect(try choices("source", "properties", "kind") == SourceKind.allCases.map(\.rawValue))
    }

    @Test("each field has a description")
    func descriptions() throws {
        func check(_ schema: JSONValue, _ place: String) {
            for (name, property) in schema["properties"]?.members ?? [:] {
                #expect(
                    name == "type" || property["description"] != nil || property["$ref"] != nil || property["type"] == .string("object"),
                    "\(place).\(name)")
                check(property, "\(place).\(name)")
            }
        }
        let schema = try JSONDecoder().decode(JSONValue.self, from: EventSchema.file())
        check(schema, "")
        for (name, definition) in schema["$defs"]?.members ?? [:] { check(definition, name) }
    }

    // The check itself can fail.
    @Test("what the program does not write is refused, by name", arguments: [
        (#""version":3"#, #""version":0"#, "data.version.: 0.0 is less than 1.0"),
        (#""version":3"#, #""version":"3""#, "data.version.: is no integer"),
        (#""version":3,"#, "", "data.: lacks version"),
        (#""class":"substantive""#, #""class":"tremendous""#, "data.class.: is none of"),
        (#""time":"2026-02-20T10:00:00.123Z""#, #""time":"2026-02-20 10:00:00""#, "time.: 2026-02-20 10:00:00 does not match"),
        (#""version":3"#, #""version":3,"colour":"red""#, "data.colour is not described"),
        (#""name":"A""#, #""name":"A","age":3"#, "data.item.authors.age is not described"),
        (#""specversion":"1.0","#, "", ": lacks specversion"),
    ])
    func refuses(old: String, new: String, complaint: String) throws {
        let wrong = line(change(.articleUpdated)).replacing(old, with: new, maxReplacements: 1)
        let complaints = try EventSchema.event().complaints(wrong)
        #expect(complaints.count == 1 && complaints.first?.contains(complaint) == true, "\(complaints)")
    }

    @Test("lines of a snapshot are valid and described", arguments: [nil, "The text."])
    func snapshot(text: String?) throws {
        let lines = SnapshotLine(stream: stream, sequence: 1042, articles: 7, milliseconds: time)
        let origin = Origin(source: "world", kind: .feed, key: "1", url: "https://news.test/a", page: "https://news.test/a")
        let one = SnapshotArticle(
            id: article, version: 3, contentHash: hash, firstSeenMilliseconds: time, lastSeenMilliseconds: time, changedMilliseconds: time,
            sightings: [origin], leader: origin, itemMembers: Array(#""title":"A""#.utf8), characters: 9, text: text)
        let schema = try EventSchema.snapshotLine()
        for line in [lines.begin, lines.article(one), lines.end] {
            #expect(try schema.complaints(String(decoding: line, as: UTF8.self)) == [])
        }
    }
}

