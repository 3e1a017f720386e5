import Foundation
import TestSupport
import Testing

/// The page at `/`, in a real browser before a real daemon: Tests/Interfaces/page.py looks.
@Suite("The page, in a browser", .timeLimit(.minutes(3)))
struct PageInBrowserTests {
    /// Writes where markup could be made of it what would then show.
    private static let hostile = """
        ---
        title: "<script>document.title='owned'</script><img src=x onerror=alert(1)> \\"harbour\\" & 'script' </title></main>"
        author: "<b onmouseover=alert(2)>Eve</b>"
        url: "javascript:alert(3)"
        tags: ["</li><script>alert(4)</script>"]
        language: "en\\" onload=\\"alert(5)"
        ---
        It says `</p><script>alert(6)</script>` and means no harm.

        https://waterways.example/a/path/that/does/not/end/and/goes/on/and/on/and/on/until/it/is/wider/than/a/telephone.html
        """
    private static let arabic = """
        ---
        title: افتتاح الجسر الجديد فوق النهر بعد سبع سنوات من العمل
        language: ar
        ---
        يبلغ طول الجسر 480 مترا، ويتوقع أن تعبره 12 ألف سيارة يوميا.
        """

    @Test("every view: nothing from outside becomes markup, nothing is wider than a telephone, and what is new appears by itself")
    func views() async throws {
        let settings = """
            feeds:
              - { name: wire, url: "http://127.0.0.1:9/feed?token=SECRET", private_network: true }
            http: { listen: "127.0.0.1:0" }

            """
        let tidings = try Installation(Installation.oneFolder + settings)
        try tidings.write(Self.hostile, to: "hostile.md")
        try tidings.write(Self.arabic, to: "arabic.md")
        try tidings.write("The library stays open on Saturdays\n\nThe council has said so on Monday.\n", to: "plain.txt")
        try await tidings.once(expecting: 1)
        try tidings.edit("hostile.md", "means no harm", "means <ins>no</ins> harm at all")
        try tidings.edit("arabic.md", "480", "495")
        try tidings.write("cut off: {", to: "broken.json")
        let daemon = try await tidings.daemon()
        try await tidings.waitForLines(7)
        let address = try #require(daemon.program.errors.firstMatch(of: #/http:\/\/127\.0\.0\.1:\d+/#)?.output)
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Interfaces/page.py").standardized.path
        let result = try await RunningProgram(
            [script, String(address), tidings.news], of: URL(filePath: "/usr/bin/python3"),
            environment: ["PATH": "/usr/bin:/bin", "HOME": tidings.base, "PYTHONDONTWRITEBYTECODE": "1"]
        ).result()
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        try await daemon.stop()
    }
}
