import TidingsCore
import Yams

/// Reads front matter in YAML.
///
/// Most of it is written by hand, and a mistake such as the colon in `title: Re: the quay` makes the whole of it no YAML.
/// It is then read field by field, and a value that is no YAML even on its own is the text that stands there.
struct FrontMatterYAML {
    let fields: FrontMatterFields
    private(set) var problem: Problem?

    /// Nil if what stands in `range` is prose between two rules.
    init?(_ utf8: [UInt8], _ range: Range<Int>) {
        let lines = FrontMatterLines(utf8, range)
        switch lines.verdict {
        case .empty:
            fields = FrontMatterFields([:])
            return
        case .prose: return nil
        case .unknown, .fields: break
        }
        switch Self.mapping(String(decoding: utf8[range], as: UTF8.self)) {
        case .success(let values):
            fields = FrontMatterFields(values, spellings: lines.spellings)
            return
        case .failure(let failure):
            guard lines.verdict == .fields else { return nil }
            problem = failure.problem
        }
        var values: [String: JSONTree] = [:]
        for entry in lines.entries where values[entry.key] == nil || !entry.isBlank { values[entry.key] = Self.value(of: entry) }
        fields = FrontMatterFields(values, spellings: lines.spellings)
    }

    /// The value of one field alone.
    private static func value(of entry: FrontMatterEntry) -> JSONTree {
        if let value = only("value:\(entry.source)") { return value }
        let elements = entry.listElements
        guard elements.isEmpty else { return .array(elements.map(element)) }
        return .string(FrontMatterFields.unquoted(entry.spelling))
    }

    private static func element(_ spelling: String) -> JSONTree {
        only("value: \(spelling)") ?? .string(FrontMatterFields.unquoted(spelling))
    }

    private static func only(_ yaml: String) -> JSONTree? {
        guard case .success(let values) = mapping(yaml), values.count == 1 else { return nil }
        return values["value"]
    }

    // MARK: YAML

    private struct Failure: Error { let problem: Problem }

    /// The parser hashes the keys of each mapping. If a key is a list of aliases of lists of aliases, that takes
    /// practically for ever; this few aliases cannot multiply far.
    private static let aliasLimit = 8

    /// The fields of a mapping, with keys in lowercase.
    private static func mapping(_ yaml: String) -> Result<[String: JSONTree], Failure> {
        func failure(_ problem: Problem) -> Result<[String: JSONTree], Failure> { .failure(Failure(problem: problem)) }
        guard aliasCount(Array(yaml.utf8)[...]) <= aliasLimit else {
            return failure(Problem("front matter with more than \(aliasLimit) aliases is not read"))
        }
        do {
            guard let mapping = try Yams.compose(yaml: yaml)?.mapping else {
                return failure(Problem("front matter is not a YAML mapping"))
            }
            var values: [String: JSONTree] = [:]
            for (key, value) in mapping {
                if let key = key.scalar?.string { values[key.lowercased()] = tree(value, depth: 0) }
            }
            return .success(values)
        } catch let error as YamlError {
            return failure(problem(error))
        } catch {
            return failure(Problem("front matter is not YAML"))
        }
    }

    private static let depthLimit = 8

    private static func tree(_ node: Node, depth: Int) -> JSONTree {
        guard depth < depthLimit else { return .null }
        switch node {
        case .scalar(let scalar): return .string(scalar.string)
        case .sequence(let sequence): return .array(sequence.map { tree($0, depth: depth + 1) })
        case .mapping(let mapping):
            return .object(mapping.compactMap { key, value in key.scalar.map { ($0.string, tree(value, depth: depth + 1)) } })
        case .alias: return .null
        }
    }

    /// How often `*name` occurs in the YAML with a name that also occurs as `&name`, even inside a text.
    private static func aliasCount(_ yaml: ArraySlice<UInt8>) -> Int {
        func names(after mark: UInt8) -> [ArraySlice<UInt8>] {
            yaml.split(separator: mark, omittingEmptySubsequences: false).dropFirst().map { part in
                part.prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
            }
        }
        let anchors = Set(names(after: UInt8(ascii: "&")))
        return names(after: UInt8(ascii: "*")).count { !$0.isEmpty && anchors.contains($0) }
    }

    private static func problem(_ error: YamlError) -> Problem {
        switch error {
        case .scanner(_, let message, let mark, _), .parser(_, let message, let mark, _),
            .composer(_, let message, let mark, _):
            // The parser counts lines from the one after the opening fence.
            Problem("front matter is not YAML: \(message)", line: mark.line + 1)
        default: Problem("front matter is not YAML")
        }
    }
}
