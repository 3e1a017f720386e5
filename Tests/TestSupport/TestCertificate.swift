import CTLS
import Foundation

/// A server's key and certificate, for the loopback server.
///
/// Sendable: nobody changes it once it is made, and OpenSSL counts its references atomically.
@safe package final class TestCertificate: @unchecked Sendable {
    let identity: OpaquePointer

    /// Signed by nobody but itself.
    package convenience init(selfSignedFor host: String) throws { try self.init(host: host, hours: -1...1, issuer: nil) }

    /// - Parameters:
    ///   - host: a name or an IPv4 address; nil makes an authority.
    ///   - hours: from when to when it holds, from now.
    fileprivate init(host: String?, hours: ClosedRange<Int>, issuer: TestCertificate?) throws {
        let (starts, ends) = (hours.lowerBound * 3600, hours.upperBound * 3600)
        guard let identity = unsafe ctls_identity_create(host, starts, ends, issuer?.identity) else {
            throw LoopbackServer.Failure(description: "no certificate for \(host ?? "an authority")")
        }
        unsafe self.identity = identity
    }

    deinit { unsafe ctls_identity_free(identity) }

    /// Writes it as PEM, for other programs.
    package func write(to path: String, withKey: Bool) throws {
        guard unsafe ctls_identity_write(identity, path, withKey ? 1 : 0) == 1 else {
            throw LoopbackServer.Failure(description: "cannot write \(path)")
        }
    }
}

/// A certificate authority that only this test knows.
package final class TestAuthority: Sendable {
    private let certificate: TestCertificate
    private let folder: URL

    package init() throws {
        certificate = try TestCertificate(host: nil, hours: -48...48, issuer: nil)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tidings-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try certificate.write(to: file, withKey: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What a client needs to trust it: a PEM file, for as long as this object lives.
    package var file: String { folder.appendingPathComponent("ca.pem").path }

    /// A certificate for `host`, a name or an IPv4 address. `hours`: from when to when it holds, from now.
    package func certificate(for host: String = "127.0.0.1", hours: ClosedRange<Int> = -1...1) throws -> TestCertificate {
        try TestCertificate(host: host, hours: hours, issuer: certificate)
    }
}
