import TidingsCore
import TidingsStream

/// One webhook or command of the settings. `config/tidings.yaml` documents the keys and the default values.
package struct SinkSettings: Equatable, Sendable {
    /// Where a sink begins that the ledger does not know yet.
    package enum From: String, CaseIterable, Sendable {
        /// With the next change.
        case now
        /// With the oldest change that is kept.
        case start
    }

    package enum Target: Equatable, Sendable {
        case webhook(WebhookSettings)
        case command(CommandSettings)
    }

    package var name: String
    package var target: Target
    /// Which changes are asked for; all by default.
    package var filter = ChangeFilter()
    package var from = From.now
    /// Whether created and updated articles come with their text.
    package var withText = false

    package init(name: String, target: Target) {
        self.name = name
        self.target = target
    }

    package var kind: SinkKind {
        switch target {
        case .webhook: .webhook
        case .command: .command
        }
    }
}

package struct WebhookSettings: Equatable, Sendable {
    package enum Mode: String, CaseIterable, Sendable {
        /// Many changes a request: `application/cloudevents-batch+json`.
        case batch
        /// One change a request: `application/cloudevents+json`.
        case single
    }

    package var url: String
    package var mode = Mode.batch
    /// File with the secret that requests are signed with; nil for requests without a signature. A leading `%d/` means
    /// `$CREDENTIALS_DIRECTORY`.
    package var secretFile: String?
    package var allowsPrivateNetwork = false
    /// From the request to the end of the answer.
    package var timeout = Duration.seconds(30)
    /// Changes in one request at most.
    package var batch = 100
    /// Bytes of one request; a single change may be larger.
    package var batchBytes = 512 << 10

    package init(url: String) { self.url = url }
}

package struct CommandSettings: Equatable, Sendable {
    /// The program, as an absolute path or a name to be found in `$PATH`, and its arguments; never empty. No shell reads them.
    package var command: [String]
    /// How long the program may take to say what it has, and to confirm more of what it was given.
    package var stall = Duration.seconds(300)

    package init(command: [String]) { self.command = command }
}
