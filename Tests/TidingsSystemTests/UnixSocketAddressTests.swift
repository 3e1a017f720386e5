import Glibc
import Testing
@testable import TidingsSystem

@Suite("Unix socket addresses") struct UnixSocketAddressTests {
    /// What the kernel is given.
    private func bytes(_ name: String) -> [UInt8]? {
        UnixSocketAddress(name).map { address in
            unsafe address.withAddress { pointer, length in
                unsafe Array(UnsafeRawBufferPointer(start: pointer, count: Int(length)))
            }
        }
    }

    private var family: [UInt8] { [UInt8(AF_UNIX), 0] }

    @Test("a path is as it is, and an abstract name begins with a NUL and has its own length")
    func layout() {
        #expect(bytes("/run/a") == family + Array("/run/a".utf8))
        #expect(bytes("@a b") == family + [0] + Array("a b".utf8))
    }

    @Test("a name that does not fit is refused")
    func limits() {
        let longest = "/" + String(repeating: "x", count: 106)
        #expect(bytes(longest) == family + Array(longest.utf8))
        #expect(bytes(longest + "x") == nil)
        #expect(bytes("") == nil)
    }
}
