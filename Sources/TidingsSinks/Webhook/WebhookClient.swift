import TidingsCore
import TidingsFetch

/// Sends the messages of all webhooks.
package final class WebhookClient: Sendable {
    /// An answer's body says nothing that counts.
    private static let answerLimitBytes = 64 << 10
    private static let connectSeconds = 15
    /// Webhooks of one host do not wait for each other.
    private static let concurrency = 256

    private let fetcher: Fetcher
    private let userAgent: String
    private let caFile: String?
    private let proxy: ProxyChoice
    private let environment: [String: String]

    /// - Parameters:
    ///   - caFile: PEM file of authorities to trust besides the system's.
    ///   - environment: gives `$CREDENTIALS_DIRECTORY`.
    package init(userAgent: String, caFile: String? = nil, proxy: ProxyChoice = .none, environment: [String: String] = [:]) {
        var limits = FetcherLimits()
        limits.concurrentFetches = Self.concurrency
        limits.fetchesPerHost = Self.concurrency
        limits.hostDelayMilliseconds = 0
        fetcher = Fetcher(limits: limits)
        self.userAgent = userAgent
        self.caFile = caFile
        self.proxy = proxy
        self.environment = environment
    }

    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `FetchError`; `WebhookSecretError` before anything is sent.
    func send(_ message: WebhookMessage, to webhook: WebhookSettings, at now: Int64) async throws -> FetchResponse {
        let secret = try webhook.secretFile.map { file throws(WebhookSecretError) in try WebhookSecret(file: file, environment: environment) }
        var request = FetchRequest(
            url: webhook.url, userAgent: userAgent, headers: message.headers(signedWith: secret?.key, at: now / 1000),
            allowsPrivateNetwork: webhook.allowsPrivateNetwork)
        request.post = message.body
        request.caFile = caFile
        request.proxy = proxy
        request.keepsCookies = false
        let seconds = max(1, Int(webhook.timeout.components.seconds))
        request.limits.totalSeconds = seconds
        request.limits.connectSeconds = min(seconds, Self.connectSeconds)
        // A receiver that works for long before it answers is no slow transfer.
        request.limits.lowSpeedSeconds = seconds
        request.limits.maxBodyBytes = Self.answerLimitBytes
        return try await fetcher.fetch(request)
    }
}
