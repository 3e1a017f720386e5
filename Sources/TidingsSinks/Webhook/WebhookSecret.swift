import FoundationEssentials
import TidingsSystem

/// The key that requests are signed with, read from its file when it is used, so that a new one needs no reload. Its descriptions
/// never contain it, so that it gets into no log.
struct WebhookSecret: CustomStringConvertible, CustomReflectable {
    private static let limitBytes = 4 << 10

    let key: [UInt8]

    var description: String { "a secret of \(key.count) bytes" }
    /// Without it, `dump` and `String(reflecting:)` would show the key.
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Reads the file at `path`, in which a leading `%d/` means `$CREDENTIALS_DIRECTORY`. White space at its end is not part of the
    /// secret. `whsec_` and base64 is how Standard Webhooks writes a key (Standard Webhooks 1.0, Signature scheme); anything else is
    /// the key itself.
    init(file path: String, environment: [String: String]) throws(WebhookSecretError) {
        let file = try Self.resolve(path, environment: environment)
        var bytes: [UInt8]
        do {
            bytes = try readSmallFile(file, limitBytes: Self.limitBytes)
        } catch {
            throw WebhookSecretError(file: file, message: error.message)
        }
        while let last = bytes.last, [0x20, 0x09, 0x0A, 0x0D].contains(last) { bytes.removeLast() }
        guard bytes.starts(with: "whsec_".utf8) else {
            guard !bytes.isEmpty else { throw WebhookSecretError(file: file, message: "it is empty") }
            key = bytes
            return
        }
        guard let decoded = Data(base64Encoded: Data(bytes.dropFirst("whsec_".utf8.count))), !decoded.isEmpty else {
            throw WebhookSecretError(file: file, message: "what follows whsec_ is not base64")
        }
        key = Array(decoded)
    }

    private static func resolve(_ path: String, environment: [String: String]) throws(WebhookSecretError) -> String {
        guard path.utf8.starts(with: "%d/".utf8) else { return path }
        guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
            throw WebhookSecretError(file: path, message: "$CREDENTIALS_DIRECTORY is not set; add LoadCredential= to the unit")
        }
        return folder + path.dropFirst(2)
    }
}

/// Why requests cannot be signed. It names the file but never contains its text.
package struct WebhookSecretError: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    package let message: String
    package var description: String { "secret_file \(file): \(message)" }
}
