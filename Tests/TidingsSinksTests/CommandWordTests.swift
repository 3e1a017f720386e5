import Testing

@testable import TidingsSinks

@Suite("What a program says")
struct CommandWordTests {
    @Test("is understood, or refused", arguments: [
        ("{}", true, CommandWord.has(nil)),
        (#"{"stream":"urn:uuid:s","after":41}"#, true, .has(CommandWord.Position(stream: "s", after: 41))),
        (#"{"stream":"s","after":"0000000000000000041"}"#, true, .has(CommandWord.Position(stream: "s", after: 41))),
        (#"{"keep":3600}"#, true, .has(nil, keepSeconds: 3600)),
        (#"{"stream":"s","after":41,"keep":60}"#, true, .has(CommandWord.Position(stream: "s", after: 41), keepSeconds: 60)),
        (#"{"keep":"for ever"}"#, true, nil),
        (#"{"after":41}"#, true, nil),
        (#"{"stream":"s","after":-1}"#, true, nil),
        (#"{"stream":"s"}"#, true, nil),
        ("hello", true, nil),
        ("", true, nil),
        (#"{"confirmed":7}"#, false, .confirmed(7)),
        (#"{"confirmed":"7"}"#, false, .confirmed(7)),
        (#"{"confirmed":7.5}"#, false, nil),
        ("{}", false, nil),
    ] as [(String, Bool, CommandWord?)])
    func understands(line: String, isFirst: Bool, expected: CommandWord?) {
        #expect(CommandWord(Array(line.utf8), isFirst: isFirst) == expected)
    }
}
