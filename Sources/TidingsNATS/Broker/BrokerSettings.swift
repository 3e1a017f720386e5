/// How to reach the NATS servers.
package struct BrokerSettings: Equatable, Sendable {
    /// `nats://` or `tls://` with host and port, user and password where they are wanted; never empty. The client learns of the other
    /// members of a cluster by itself.
    package var servers: [String]
    /// File with a user's JWT and NKEY seed, as NATS' own tools write it; nil for none.
    package var credentialsFile: String?
    /// PEM file of the certificate authorities to trust; nil for the system's.
    package var caFile: String?
    /// What the server shows of this connection.
    package var name: String

    package init(servers: [String], name: String) {
        self.servers = servers
        self.name = name
    }
}
