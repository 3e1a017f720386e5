// Fuzz targets of the parsers, for libFuzzer. Built only where TIDINGS_FUZZ is set, with the address sanitizer, in a folder
// of its own:
//
//     TIDINGS_FUZZ=1 swift build -c release --scratch-path .build-fuzz --product tidings-fuzz
//     mkdir -p corpus/feeds
//     .build-fuzz/release/tidings-fuzz --feeds -max_total_time=600 corpus/feeds Tests/Fuzz/Seeds/feeds
//
// The first folder receives the inputs that reach something new; those after it are only read. The other targets are in
// `Target`; all flags of libFuzzer work. What it finds becomes a test of the parser, not a file here.

import CFuzzer
import Glibc

@main struct Fuzz {
    /// More than ten times what the slowest input of this size takes, and enough that work which grows with the square of
    /// the input is noticed.
    private static let flags = ["-timeout=5", "-rss_limit_mb=2048", "-max_len=65536"]

    static func main() {
        let names = CommandLine.arguments.compactMap { $0.hasPrefix("--") ? Target(rawValue: String($0.dropFirst(2))) : nil }
        guard let target = names.first, names.count == 1 else {
            let all = Target.allCases.map { "--" + $0.rawValue }
            fatalError("which parser? One of " + all.joined(separator: " "))
        }
        unsafe chosen = target
        // libFuzzer passes over what starts with two dashes and believes the last flag of a name.
        let program = CommandLine.arguments.prefix(1)
        let words = program + flags + CommandLine.arguments.dropFirst()
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        var count = Int32(words.count)
        unsafe arguments.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = unsafe LLVMFuzzerRunDriver(&count, &start) { data, size in
                unsafe Fuzz.chosen.read(Array(UnsafeBufferPointer(start: data, count: size)))
                return 0
            }
        }
    }

    /// Set once, before the only thread that reads it calls back: a C function can bring nothing along.
    nonisolated(unsafe) private static var chosen = Target.feeds
}
