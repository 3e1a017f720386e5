import Glibc

/// Seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start).inSeconds
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

func median(_ values: [Double]) -> Double { percentile(values, 50) }

/// The smallest value that at least `percent` of a hundred values do not exceed.
func percentile(_ values: [Double], _ percent: Double) -> Double {
    let sorted = values.sorted()
    let rank = Int((Double(sorted.count) * percent / 100).rounded(.up))
    return sorted[max(0, min(sorted.count, rank) - 1)]
}

/// Why a benchmark could not be measured.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// With what the system says of the call that failed last.
    static func system(_ attempt: String) -> BenchError {
        BenchError("cannot \(attempt): \(unsafe String(cString: strerror(errno)))")
    }
}
