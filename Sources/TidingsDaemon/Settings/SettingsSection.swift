import TidingsCore
import Yams

/// One mapping of the settings file. Its methods return the value of a key in the type that the caller needs. A wrong value becomes
/// a noted problem, and reading goes on, so that one run of `tidings check` shows all problems.
struct SettingsSection {
    /// The name of the mapping in messages: `folders[2]`, `limits`; empty for the file itself.
    let title: String
    let position: SettingsPosition
    private var values: [String: Node] = [:]
    private let report: SettingsReport

    /// Reads `node` as a mapping with the allowed `keys`. Nil, with a noted problem, if it is not a mapping.
    init?(_ node: Node, title: String, keys: [String], report: SettingsReport) {
        self.title = title
        self.report = report
        position = node.position
        guard let mapping = node.mapping else {
            let example = keys.prefix(2).map { "\($0): …" }.joined(separator: ", ")
            report.add(position, "\(title.isEmpty ? "the settings" : title) must be keys with values", "write { \(example) }")
            return nil
        }
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            guard keys.contains(name) else {
                let near = nearestName(to: name, of: keys).map { "write '\($0)'" }
                let suffix = title.isEmpty ? "" : " in \(title)"
                report.add(
                    key.position, "unknown key '\(name)'\(suffix)",
                    near ?? "write one of: \(keys.joined(separator: ", "))")
                continue
            }
            values[name] = value
        }
    }

    /// The position of the value of `key`; that of the section if there is no value.
    func position(of key: String) -> SettingsPosition { values[key]?.position ?? position }

    func node(_ key: String) -> Node? { values[key] }

    /// Whether the value is `none`, which means no limit.
    func isNone(_ key: String) -> Bool { values[key].flatMap(plain) == "none" }

    func problem(_ key: String, _ message: String, _ suggestion: String) {
        report.add(position(of: key), message, suggestion)
    }

    /// A string that is not empty and has no line break. Nil if it is absent, or wrong, which is noted.
    func string(_ key: String, example: String) -> String? {
        guard let node = values[key] else { return nil }
        return text(node, what: "'\(key)'", example: "write \(key): \(example)")
    }

    /// Like `string`, but an absent value is a problem too.
    func required(_ key: String, example: String) -> String? {
        if values[key] == nil { report.add(position, "\(title) has no '\(key)'", "write \(key): \(example)") }
        return string(key, example: example)
    }

    func strings(_ key: String, example: String) -> [String]? {
        guard let node = values[key] else { return nil }
        guard let sequence = node.sequence else {
            problem(key, "'\(key)' must be a list", "write \(key): [\(example)]")
            return nil
        }
        return sequence.compactMap { text($0, what: "each of '\(key)'", example: "write \(key): [\(example)]") }
    }

    /// One of the names of `Value`. Nil if it is absent, or another one, which is noted.
    func name<Value: CaseIterable & RawRepresentable<String>>(_ key: String, what: String, example: Value) -> Value? {
        guard let name = string(key, example: example.rawValue) else { return nil }
        if let value = Value(rawValue: name) { return value }
        let names = Value.allCases.map(\.rawValue)
        let near = nearestName(to: name, of: names).map { "write '\($0)'" }
        problem(key, "unknown \(what) '\(name)'", near ?? "write one of: \(names.joined(separator: ", "))")
        return nil
    }

    func boolean(_ key: String) -> Bool? {
        guard let node = values[key] else { return nil }
        switch plain(node) {
        case "true": return true
        case "false": return false
        default:
            problem(key, "'\(key)' must be true or false", "write \(key): true")
            return nil
        }
    }

    func integer(_ key: String, in range: ClosedRange<Int>, example: Int) -> Int? {
        guard let node = values[key] else { return nil }
        guard let number = plain(node).flatMap({ Int($0) }) else {
            problem(key, "'\(key)' must be a whole number", "write \(key): \(example)")
            return nil
        }
        return within(range, number, key: key, message: { String($0) })
    }

    func duration(_ key: String, in range: ClosedRange<Duration>, example: String) -> Duration? {
        guard let node = values[key] else { return nil }
        guard let duration = plain(node).flatMap(Quantity.duration) else {
            problem(key, "'\(key)' must be a number with its unit: ms, s, m, h or d", "write \(key): \(example)")
            return nil
        }
        return within(range, duration, key: key, message: { Quantity.message($0) })
    }

    /// The size in bytes.
    func size(_ key: String, in range: ClosedRange<Int>, example: String) -> Int? {
        guard let node = values[key] else { return nil }
        guard let bytes = plain(node).flatMap(Quantity.size) else {
            problem(
                key, "'\(key)' must be a number with its unit: B, kB, MB, GB, KiB, MiB or GiB",
                "write \(key): \(example)")
            return nil
        }
        return within(range, bytes, key: key, message: { Quantity.message(bytes: $0) })
    }

    private func within<Value: Comparable>(
        _ range: ClosedRange<Value>, _ value: Value, key: String, message: (Value) -> String
    ) -> Value? {
        if range.contains(value) { return value }
        let low = message(range.lowerBound)
        let high = message(range.upperBound)
        problem(key, "'\(key)' is \(message(value))", "write a value from \(low) to \(high)")
        return nil
    }

    private func text(_ node: Node, what: String, example: String) -> String? {
        guard let scalar = node.scalar, plain(node) != nil, !scalar.string.isEmpty else {
            report.add(node.position, "\(what) must be text", example)
            return nil
        }
        guard !scalar.string.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            report.add(node.position, "\(what) has a control character in it", example)
            return nil
        }
        return scalar.string
    }

    /// The text of the value; nil for a mapping, a list, or null (YAML 1.2 §10.3.2).
    private func plain(_ node: Node) -> String? {
        guard let scalar = node.scalar else { return nil }
        let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        return isNull ? nil : scalar.string
    }
}

/// A position in a settings file. Line and column count from 1.
struct SettingsPosition {
    let line: Int
    let column: Int
}

extension Node {
    /// The start of the node. Every node of the parser has a mark.
    var position: SettingsPosition { SettingsPosition(line: mark?.line ?? 1, column: mark?.column ?? 1) }
}

/// Collects the problems of one settings file.
final class SettingsReport {
    let file: String
    private(set) var problems: [SettingsProblem] = []

    init(file: String) { self.file = file }

    func add(_ position: SettingsPosition, _ message: String, _ suggestion: String) {
        problems.append(
            SettingsProblem(
                file: file, line: position.line, column: position.column, message: message, suggestion: suggestion))
    }

    /// In the order of the file.
    var sorted: [SettingsProblem] { problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }
}
