import Testing

@testable import enum TidingsFetch.NetworkAddress

@Test("IPv4 addresses that web servers have in public", arguments: [
    ([1, 1, 1, 1], true), ([9, 255, 255, 255], true), ([11, 0, 0, 0], true), ([100, 63, 255, 255], true),
    ([100, 128, 0, 0], true), ([172, 15, 255, 255], true), ([172, 32, 0, 0], true), ([192, 167, 1, 1], true),
    ([223, 255, 255, 255], true),
    ([0, 0, 0, 0], false), ([0, 1, 2, 3], false), ([10, 1, 2, 3], false), ([100, 64, 0, 1], false),
    ([100, 127, 255, 255], false), ([127, 0, 0, 1], false), ([127, 8, 8, 8], false), ([169, 254, 169, 254], false),
    ([172, 16, 0, 1], false), ([172, 31, 255, 255], false), ([192, 168, 1, 1], false), ([192, 0, 0, 8], false),
    ([192, 0, 2, 1], false), ([198, 18, 0, 1], false), ([224, 0, 0, 1], false), ([255, 255, 255, 255], false),
] as [([UInt8], Bool)])
func judgesIPv4(octets: [UInt8], isPublic: Bool) {
    #expect(NetworkAddress(octets: octets)?.isPublic == isPublic)
}

@Test("IPv6 addresses that web servers have in public", arguments: [
    ("Google", [0x2a00, 0x1450, 0, 0, 0, 0, 0, 1], true),
    ("Cloudflare", [0x2606, 0x4700, 0, 0, 0, 0, 0, 0x1111], true),
    ("unspecified", [0, 0, 0, 0, 0, 0, 0, 0], false),
    ("loopback", [0, 0, 0, 0, 0, 0, 0, 1], false),
    ("v4-mapped, even of a public address", [0, 0, 0, 0, 0, 0xffff, 0x0101, 0x0101], false),
    ("v4-compatible", [0, 0, 0, 0, 0, 0, 0x7f00, 1], false),
    ("link-local", [0xfe80, 0, 0, 0, 0, 0, 0, 1], false),
    ("site-local", [0xfec0, 0, 0, 0, 0, 0, 0, 1], false),
    ("unique local", [0xfd12, 0x3456, 0, 0, 0, 0, 0, 1], false),
    ("multicast", [0xff02, 0, 0, 0, 0, 0, 0, 1], false),
    ("documentation", [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], false),
    ("Teredo", [0x2001, 0, 0, 0, 0, 0, 0, 1], false),
    ("NAT64 of 1.1.1.1", [0x64, 0xff9b, 0, 0, 0, 0, 0x0101, 0x0101], true),
    ("NAT64 of 127.0.0.1", [0x64, 0xff9b, 0, 0, 0, 0, 0x7f00, 1], false),
    ("NAT64 of 10.0.0.1", [0x64, 0xff9b, 0, 0, 0, 0, 0x0a00, 1], false),
    ("NAT64 for local use", [0x64, 0xff9b, 1, 0, 0, 0, 0x0101, 0x0101], false),
    ("6to4 of 192.168.0.1", [0x2002, 0xc0a8, 1, 0, 0, 0, 0, 1], false),
    ("6to4 of 1.1.1.1", [0x2002, 0x0101, 0x0101, 0, 0, 0, 0, 1], true),
] as [(String, [UInt16], Bool)])
func judgesIPv6(name: String, groups: [UInt16], isPublic: Bool) {
    let octets = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
    #expect(NetworkAddress(octets: octets)?.isPublic == isPublic, "\(name)")
}

@Test func addressesAreWrittenForPeople() {
    #expect(NetworkAddress(octets: [127, 0, 0, 1])?.description == "127.0.0.1")
    #expect(NetworkAddress(octets: [0xfe, 0x80] + Array(repeating: 0, count: 13) + [1])?.description == "fe80:0:0:0:0:0:0:1")
    #expect(NetworkAddress(octets: []) == nil)
}
