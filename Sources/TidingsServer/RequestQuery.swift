import Hummingbird
import TidingsCore

/// The query of a request. What a route does not know is refused, so that a misspelt filter does not read as none.
struct RequestQuery: Sendable {
    private let values: [(name: String, value: String)]

    /// - Parameter known: the names of the parameters that the route has.
    /// - Throws: 400.
    init(_ request: Request, known: [String]) throws(Problem) {
        values = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
        for (name, _) in values where !known.contains(name) {
            let hint = nearestName(to: name, of: known).map { "; do you mean '\($0)'?" } ?? ""
            let list = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
            throw Problem(.badRequest, "this path has no parameter '\(name)'\(hint.isEmpty ? "; \(list)" : hint)")
        }
    }

    /// Of a parameter that is given once.
    /// - Throws: 400 if it is there twice.
    func text(_ name: String) throws(Problem) -> String? {
        let found = values.filter { $0.name == name }
        if found.count > 1 { throw Problem(.badRequest, "'\(name)' may be there once only") }
        return found.first?.value
    }

    /// Of one that may be repeated.
    func repeated(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

    /// Of one that may be repeated, or have several values with commas between them.
    func list(_ name: String) -> [String] {
        values.filter { $0.name == name }.flatMap { $0.value.split(separator: ",").map(String.init) }
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let number = decimalNumber(text.utf8).map(Int64.init), range.contains(number) else {
            throw Problem(.badRequest, "'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Seconds, or a number with its unit: `30`, `30s`, `500ms`.
    func duration(_ name: String, upTo longest: Duration) throws(Problem) -> Duration? {
        guard let text = try text(name) else { return nil }
        let duration = decimalNumber(text.utf8).flatMap { $0 < 1 << 32 ? Duration.seconds($0) : nil } ?? Quantity.duration(text)
        guard let duration, duration <= longest else {
            throw Problem(.badRequest, "'\(name)' is a time up to \(Quantity.message(longest)), such as 30s")
        }
        return duration
    }

    /// One of two words: `true`, `false`.
    func flag(_ name: String, default absent: Bool = false) throws(Problem) -> Bool {
        switch try text(name) {
        case nil: return absent
        case "false": return false
        case "true": return true
        default: throw Problem(.badRequest, "'\(name)' is true or false")
        }
    }
}
