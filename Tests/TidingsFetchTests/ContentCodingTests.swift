import TestSupport
import Testing

@testable import TidingsFetch

/// Bodies that are not in the coding that their header names.
@Suite(.timeLimit(.minutes(1)))
struct ContentCodingTests {
    let fetcher = Fetcher(limits: withoutDelay)

    private static let bareRows: [(header: String, body: [UInt8], odd: String?)] = [
        ("aws-chunked", document, "aws-chunked"),
        ("UTF-8", document, "UTF-8"),
        ("utf8", document, "utf8"),
        ("binary", document, "binary"),
        ("8bit", document, "8bit"),
        ("text/xml", document, "text/xml"),
        ("x-harbour", document, "x-harbour"),
        ("one, two, three, four, five, six, seven", document, "one, two, three, four, five, six, seven"),
        ("none", document, nil),
        ("identity", document, nil),
        ("", document, nil),
        ("aws-chunked, gzip", packed, "aws-chunked"),
        ("gzip,aws-chunked", packed, "aws-chunked"),
        ("GZip , Binary", packed, "Binary"),
        ("aws-chunked, gzip, gzip", GzipFixture.stored(packed), "aws-chunked"),
        ("gzip", document, "gzip"),
        ("br", document, "br"),
        ("deflate", document, "deflate"),
        ("zstd", document, "zstd"),
        ("aws-chunked, gzip", document, "gzip, aws-chunked"),
        ("gzip", Array("\u{FEFF}\n{\"items\": []}".utf8), "gzip"),
        ("gzip", GzipFixture.stored(packed), nil),
        ("binary", packed, "binary"),
    ]

    @Test("a coding that the body is not in is none", arguments: bareRows)
    func bare(header: String, body: [UInt8], odd: String?) async throws {
        let server = try LoopbackServer { _ in LoopbackReply(headers: [("Content-Encoding", header)], body: body) }
        defer { server.stop() }
        let expected = body.starts(with: [0x1F]) ? document : body
        for _ in 0..<2 {
            let response = try await fetcher.fetch(request(server.url(for: "/")))
            #expect(response.body == expected)
            #expect(response.oddCoding == odd)
        }
        // The first time it takes two requests to find out, of which the second asks for no coding.
        let asked = server.requests.map { $0["Accept-Encoding"] != nil }
        #expect(asked == (odd == nil ? [true, true] : [true, false, false]))
    }

    @Test func packedFileWithoutACodingIsUnpacked() async throws {
        let server = try LoopbackServer { _ in LoopbackReply(headers: [("Content-Type", "application/gzip")], body: packed) }
        defer { server.stop() }
        #expect(try await fetcher.fetch(request(server.url(for: "/"))).body == document)
        #expect(server.requests.count == 1)
    }

    @Test("a body that is damaged in its coding is no body", arguments: [
        ("gzip", damaged, "gzip"),
        ("aws-chunked, gzip", damaged, "gzip"),
        ("gzip", Array(packed.dropLast(8)) + [UInt8](repeating: 1, count: 8), "gzip"),
        ("compress", [0x1F, 0x9D, 0x90, 1, 2, 3], "compress"),
        ("br", [UInt8](repeating: 0xFF, count: 9), "br"),
    ] as [(String, [UInt8], String)])
    func damagedBodies(header: String, body: [UInt8], named: String) async throws {
        let server = try LoopbackServer { _ in LoopbackReply(headers: [("Content-Encoding", header)], body: body) }
        defer { server.stop() }
        let error = await failure(of: fetcher, request(server.url(for: "/")))
        #expect(error?.reason == .badContentCoding(named))
        #expect(error?.received == nil)
        #expect(error?.isTransient == true)
        #expect(error?.message.contains("Content-Encoding: \(named)") == true)
    }

    @Test("the limit is that of the decoded body", arguments: [
        ("aws-chunked", [UInt8](repeating: 0x20, count: 1001)),
        ("aws-chunked, gzip", GzipFixture.bomb(runs: 1000)),
        ("gzip, gzip, binary", GzipFixture.stored(GzipFixture.bomb(runs: 1000))),
        ("", GzipFixture.bomb(runs: 1000)),
        ("br, UTF-8", BrotliFixture.bomb),
    ] as [(String, [UInt8])])
    func limited(header: String, body: [UInt8]) async throws {
        let server = try LoopbackServer { _ in LoopbackReply(headers: [("Content-Encoding", header)], body: body) }
        defer { server.stop() }
        // What is sent may be longer than what it stands for.
        let limits = limits { $0.maxBodyBytes = header == "aws-chunked" ? 1000 : 20_000 }
        let error = await failure(of: fetcher, request(server.url(for: "/"), limits: limits))
        #expect(error?.reason == .bodyTooLarge(limitBytes: limits.maxBodyBytes))
    }

    @Test func aLongBodyIsDecoded() async throws {
        let long = [UInt8](repeating: UInt8(ascii: "<"), count: 3_000_000)
        let server = try LoopbackServer { _ in
            LoopbackReply(headers: [("Content-Encoding", "aws-chunked, gzip")], body: GzipFixture.stored(long))
        }
        defer { server.stop() }
        #expect(try await fetcher.fetch(request(server.url(for: "/"))).body == long)
    }

    @Test func aServerThatIsMendedIsAskedAsOthersAreAfterAWhile() async throws {
        let server = try LoopbackServer { request in
            // Its gzip is broken, and without it all is well.
            request.path == "/odd" && request["Accept-Encoding"] != nil
                ? LoopbackReply(headers: [("Content-Encoding", "gzip")], body: damaged) : LoopbackReply(body: document)
        }
        defer { server.stop() }
        for _ in 0..<(CodedAddresses.bareFetches + 2) {
            #expect(try await fetcher.fetch(request(server.url(for: "/odd"))).body == document)
        }
        let asked = server.requests.map { $0["Accept-Encoding"] != nil }
        #expect(asked == [true] + Array(repeating: false, count: CodedAddresses.bareFetches + 1) + [true, false])
        _ = try await fetcher.fetch(request(server.url(for: "/other")))
        #expect(server.requests(of: "/other").map { $0["Accept-Encoding"] != nil } == [true], "another address was never odd")
    }

    @Test func errorsAndRedirectsMayHaveAnOddCodingToo() async throws {
        let odd = [(name: "Content-Encoding", value: "aws-chunked")]
        let server = try LoopbackServer { request in
            request.path == "/"
                ? LoopbackReply(status: 302, headers: odd + [("Location", "/gone")], body: document)
                : LoopbackReply(status: 410, headers: odd, body: document)
        }
        defer { server.stop() }
        let response = try await fetcher.fetch(request(server.url(for: "/")))
        #expect(response.status == 410)
        #expect(response.hops.count == 1)
        #expect(server.requests.map(\.path) == ["/", "/", "/gone", "/gone"])
    }
}

private let document = Array("<rss><channel><title>Tide tables</title></channel></rss>".utf8)
private let packed = GzipFixture.stored(document)
private let damaged: [UInt8] = {
    var bytes = packed
    // The kind of the first block becomes one that there is not.
    bytes[10] = 0b111
    return bytes
}()
