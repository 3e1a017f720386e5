import Testing
import TidingsSinks
import TidingsStream

@testable import TidingsDaemon

@Suite("The settings of sinks")
struct SinkSettingsTests {
    private func settings(_ sinks: String) throws -> Settings {
        try Settings(yaml: "state: /s\nfolders: []\nsinks:\n\(sinks)\n", file: "/etc/tidings.yaml", environment: [:])
    }

    @Test("a webhook and a program, with all their keys")
    func allKeys() throws {
        var webhook = WebhookSettings(url: "https://newsroom.example/hook")
        webhook.mode = .single
        webhook.secretFile = "%d/newsroom"
        webhook.allowsPrivateNetwork = true
        webhook.timeout = .seconds(5)
        webhook.batch = 10
        webhook.batchBytes = 1 << 20
        var newsroom = SinkSettings(name: "newsroom", target: .webhook(webhook))
        newsroom.filter = ChangeFilter(types: ["article.updated"].compactMap(ChangeTypeName.init), sources: ["news"])
        newsroom.from = .start
        var command = CommandSettings(command: ["/etc/bin/index", "x"])
        command.stall = .seconds(60)
        var index = SinkSettings(name: "index", target: .command(command))
        index.withText = true
        let read = try settings(
            """
              - { name: newsroom, url: "https://newsroom.example/hook", mode: single, secret_file: "%d/newsroom", private_network: true,
                  timeout: 5s, batch: 10, batch_size: 1MiB, types: [article.updated], sources: [news], from: start }
              - { name: index, command: [bin/index, x], stall: 1m, with_text: true }
            """)
        #expect(read.sinks == [newsroom, index])
    }

    @Test("mistakes have their place, and say what to write", arguments: [
        ("  - { name: a }", "4:13: 'a' must have either 'url' or 'command'"),
        (#"  - { name: a, url: "https://a.example/", command: [cat] }"#, "4:52: 'a' must have either 'url' or 'command'"),
        (#"  - { name: a, url: "ftp://a.example/" }"#, "4:21: 'ftp://a.example/' is not an http or https URL"),
        (#"  - { name: a, url: "https://a.example/", stall: 1m }"#, "4:50: 'stall' is not for a webhook"),
        ("  - { name: a, command: [cat], mode: batch }", "4:38: 'mode' is not for a command"),
        ("  - { name: a, command: [cat], types: [article.updatd] }", "4:39: there is no type of change 'article.updatd', write 'article.updated'"),
        ("  - { name: a, command: [cat] }\n  - { name: a, command: [cat] }", "5:13: the name 'a' is taken in line 4"),
        ("  - { name: a, command: [] }", "4:25: 'command' names no program"),
        ("  - { name: A, command: [cat] }", "4:13: 'A' cannot name a sink"),
    ])
    func mistakes(sinks: String, expected: String) throws {
        let error = #expect(throws: SettingsError.self) { try settings(sinks) }
        #expect(error?.problems.count == 1)
        #expect(error?.description.hasPrefix("/etc/tidings.yaml:" + expected) == true, "\(error?.description ?? "")")
    }
}
