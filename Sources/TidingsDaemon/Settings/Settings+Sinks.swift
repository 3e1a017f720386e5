import TidingsCore
import TidingsSinks
import TidingsStream

/// The keys of one of `sinks`.
enum SinkKey {
    static let common = ["name", "types", "sources", "from", "with_text"]
    static let webhook = ["url", "mode", "secret_file", "private_network", "timeout", "batch", "batch_size"]
    static let command = ["command", "stall"]
    static let all = common + webhook + command
}

/// The names of the sinks so far, which are unique.
final class SinkNames {
    var lines: [String: Int] = [:]
}

extension SettingsReader {
    /// One webhook, which has a `url`, or one command.
    func sink(_ section: SettingsSection, names: SinkNames) -> SinkSettings? {
        let name = section.required("name", example: "newsroom")
        let url = section.string("url", example: "https://newsroom.example/hook")
        let command = section.strings("command", example: "/usr/local/bin/my-index")
        guard let name else { return nil }
        check(name, in: section, names: names)
        guard (url == nil) != (command == nil) else {
            let isEmpty = section.node("url") == nil && section.node("command") == nil
            if isEmpty || url != nil {
                section.problem(
                    url == nil ? "name" : "command", "'\(name)' must have either 'url' or 'command'",
                    #"write url: https://newsroom.example/hook, or command: ["my-index"]"#)
            }
            return nil
        }
        for key in url == nil ? SinkKey.webhook : SinkKey.command where section.node(key) != nil {
            section.problem(key, "'\(key)' is not for a \(url == nil ? "command" : "webhook")", "leave it out")
        }
        let target = url.map { SinkSettings.Target.webhook(webhook($0, section)) } ?? .command(self.command(command ?? [], section))
        var sink = SinkSettings(name: name, target: target)
        let types = section.strings("types", example: "article.updated") ?? []
        for type in types where ChangeTypeName(type) == nil {
            let near = nearestName(to: type, of: ChangeTypeName.known).map { "write '\($0)'" }
            section.problem("types", "there is no type of change '\(type)'", near ?? "write one of: \(ChangeTypeName.known.joined(separator: ", "))")
        }
        sink.filter = ChangeFilter(types: types.compactMap(ChangeTypeName.init), sources: section.strings("sources", example: "news") ?? [])
        section.name("from", what: "beginning", example: SinkSettings.From.now).map { sink.from = $0 }
        section.boolean("with_text").map { sink.withText = $0 }
        return sink
    }

    private func check(_ name: String, in section: SettingsSection, names: SinkNames) {
        guard SourceChecks.isName(name) else {
            let next = "write at most \(SourceChecks.nameLimitBytes) of a-z, 0-9, '.', '_', '-', a letter or digit first"
            return section.problem("name", "'\(name)' cannot name a sink", next)
        }
        if let line = names.lines[name] {
            section.problem("name", "the name '\(name)' is taken in line \(line)", "give each sink its own name")
        } else {
            names.lines[name] = section.position(of: "name").line
        }
    }

    private func webhook(_ url: String, _ section: SettingsSection) -> WebhookSettings {
        var webhook = WebhookSettings(url: url)
        do throws(FeedAddressError) {
            _ = try FeedAddress(checking: url)
        } catch {
            section.problem("url", error.message, "write url: https://newsroom.example/hook")
        }
        section.name("mode", what: "mode", example: WebhookSettings.Mode.batch).map { webhook.mode = $0 }
        webhook.secretFile = section.string("secret_file", example: "%d/newsroom").map(credential)
        section.boolean("private_network").map { webhook.allowsPrivateNetwork = $0 }
        section.duration("timeout", in: .seconds(1)...(.seconds(600)), example: "30s").map { webhook.timeout = $0 }
        section.integer("batch", in: 1...10_000, example: webhook.batch).map { webhook.batch = $0 }
        section.size("batch_size", in: 1 << 10...64 << 20, example: "512KiB").map { webhook.batchBytes = $0 }
        return webhook
    }

    private func command(_ words: [String], _ section: SettingsSection) -> CommandSettings {
        var command = CommandSettings(command: program(words, section, example: #"["/usr/local/bin/my-index"]"#))
        section.duration("stall", in: .seconds(1)...(.seconds(86_400)), example: "5m").map { command.stall = $0 }
        return command
    }

    /// A program of the key `command`, and its arguments.
    func program(_ words: [String], _ section: SettingsSection, example: String) -> [String] {
        guard let program = words.first else {
            section.problem("command", "'command' names no program", "write command: \(example)")
            return words
        }
        // A name without a slash is looked for in $PATH (execvp(3)).
        return [program.contains("/") ? absolute(program) : program] + words.dropFirst()
    }
}
