import Testing
import TidingsCore

@testable import TidingsStore

@Suite("The stored body of a page") struct PageBodyTests {
    private static let page = Array(String(repeating: "<p>The tide rises at the pier.</p>\n", count: 300).utf8)

    private func body(_ bytes: [UInt8] = page) throws -> PageBody {
        try #require(PageBody(bytes, rawHash: ContentHash.of(bytes), contentType: "text/html", baseURL: "https://a.test/"))
    }

    /// The same with another frame, or another size.
    private func altered(_ body: PageBody, frame: [UInt8]? = nil, count: Int? = nil) -> PageBody {
        PageBody(
            frame: frame ?? body.frame, count: count ?? body.count, rawHash: body.rawHash, contentType: nil, baseURL: nil,
            feedTitle: nil, headline: nil)
    }

    @Test("it is small, and gives the bytes again")
    func roundTrip() throws {
        let body = try body()
        #expect(body.frame.count < Self.page.count / 20)
        #expect(try body.bytes(limitBytes: Self.page.count) == Self.page)
        #expect(try self.body([]).bytes(limitBytes: 0) == [])
    }

    @Test("a larger body than is allowed is not unpacked")
    func limit() throws {
        let body = try body()
        #expect(throws: PageBodyError.tooLarge(bytes: Self.page.count, limitBytes: 1000)) { try body.bytes(limitBytes: 1000) }
    }

    @Test("no damage to it gives other bytes")
    func damage() throws {
        let body = try body()
        for place in body.frame.indices {
            for bit in 0..<8 {
                var frame = body.frame
                frame[place] ^= 1 << bit
                // A bit that the format does not use.
                if let bytes = try? altered(body, frame: frame).bytes(limitBytes: PageBody.limitBytes) { #expect(bytes == Self.page) }
            }
            #expect(throws: PageBodyError.damaged) {
                try altered(body, frame: Array(body.frame[..<place])).bytes(limitBytes: PageBody.limitBytes)
            }
        }
    }

    @Test("a size that is not the body's is damage", arguments: [-1, 0, 9_000, 1 << 30, Int.min])
    func size(claimed: Int) throws {
        let body = try body()
        #expect(throws: PageBodyError.damaged) { try altered(body, count: claimed).bytes(limitBytes: PageBody.limitBytes) }
        // A frame of one block that says the same: magic number, descriptor of an 8 byte size, size, one block.
        let size = (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) }
        let frame = [0x28, 0xB5, 0x2F, 0xFD, 0xE0] + size + [0x09, 0x00, 0x00, 0x41]
        #expect(throws: PageBodyError.damaged) {
            try altered(body, frame: frame, count: claimed).bytes(limitBytes: PageBody.limitBytes)
        }
    }
}
