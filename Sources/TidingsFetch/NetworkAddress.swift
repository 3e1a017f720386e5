import Glibc

/// The address to which a socket will connect, and whether it is in the public network.
///
/// The address is checked and not the URL, because a name may have any address, and another one a moment later
/// (libcurl-security(3), "DNS rebinding").
enum NetworkAddress: Equatable {
    case v4(UInt32)
    /// The upper and the lower 64 bits.
    case v6(UInt64, UInt64)

    /// - Parameter octets: 4 or 16 bytes in network order; nil for any other number.
    init?(octets: [UInt8]) {
        func number(_ range: Range<Int>) -> UInt64 { octets[range].reduce(0) { $0 << 8 | UInt64($1) } }
        switch octets.count {
        case 4: self = .v4(UInt32(truncatingIfNeeded: number(0..<4)))
        case 16: self = .v6(number(0..<8), number(8..<16))
        default: return nil
        }
    }

    /// - Parameter host: of a URL, as libcurl gives it: `192.0.2.1` or `[2001:db8::1]`; nil for a name.
    init?(literal host: String) {
        var octets = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, host, &octets) == 1 {
            self.init(octets: Array(octets.prefix(4)))
        } else if host.hasPrefix("["), unsafe inet_pton(AF_INET6, String(host.dropFirst().prefix { $0 != "]" && $0 != "%" }), &octets) == 1 {
            self.init(octets: octets)
        } else {
            return nil
        }
    }

    /// Whether a web server in the public network may have this address: "Globally Reachable" in the IANA special-purpose
    /// address registries (RFC 6890). For an IPv6 address that contains an IPv4 address, that one decides.
    var isPublic: Bool {
        switch self {
        case .v4(let address):
            return !Self.specialV4.contains { address >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }
        case .v6(let upper, let lower):
            // NAT64 (RFC 6052): in a network with IPv6 only, every IPv4 host has such an address.
            if upper == 0x0064_ff9b_0000_0000, lower >> 32 == 0 {
                return Self.v4(UInt32(truncatingIfNeeded: lower)).isPublic
            }
            // 6to4 (RFC 3056).
            if upper >> 48 == 0x2002 { return Self.v4(UInt32(truncatingIfNeeded: upper >> 16)).isPublic }
            // Outside 2000::/3 are loopback, v4-mapped, link-local, unique local, multicast and unassigned addresses.
            guard upper >> 61 == 0b001 else { return false }
            return !Self.specialV6.contains { upper >> (64 - $0.length) == $0.prefix >> (64 - $0.length) }
        }
    }

    private static let specialV4: [(prefix: UInt32, length: UInt32)] = [
        (0x0000_0000, 8),  // "this network"
        (0x0a00_0000, 8), (0xac10_0000, 12), (0xc0a8_0000, 16),  // private, RFC 1918
        (0x6440_0000, 10),  // carrier-grade NAT, RFC 6598
        (0x7f00_0000, 8),  // loopback
        (0xa9fe_0000, 16),  // link-local, with the metadata services of clouds
        (0xc000_0000, 24),  // IETF protocol assignments
        (0xc000_0200, 24), (0xc633_6400, 24), (0xcb00_7100, 24),  // documentation
        (0xc058_6300, 24),  // 6to4 relays, deprecated
        (0xc612_0000, 15),  // benchmarks
        (0xe000_0000, 4), (0xf000_0000, 4),  // multicast; reserved and broadcast
    ]

    private static let specialV6: [(prefix: UInt64, length: UInt64)] = [
        (0x2001_0000_0000_0000, 23),  // IETF protocol assignments, Teredo
        (0x2001_0db8_0000_0000, 32), (0x3fff_0000_0000_0000, 20),  // documentation
    ]
}

extension NetworkAddress: CustomStringConvertible {
    var description: String {
        switch self {
        case .v4(let address):
            return stride(from: UInt32(24), through: 0, by: -8).map { String(address >> $0 & 0xff) }
                .joined(separator: ".")
        case .v6(let upper, let lower):
            // Not shortened, so that people find it in a log. It is never parsed.
            return [upper, lower].flatMap { half in
                stride(from: UInt64(48), through: 0, by: -16).map { String(half >> $0 & 0xffff, radix: 16) }
            }.joined(separator: ":")
        }
    }
}
