import Glibc

/// One client's connection, on its thread.
struct LoopbackConnection {
    private let channel: LoopbackChannel
    private var received: [UInt8] = []

    /// Nil if it came to no connection.
    init?(socket: CInt, security: LoopbackSecurity) {
        var on: CInt = 1
        // Answers go out at once: with small pieces, Nagle's algorithm would cost 40 ms each.
        unsafe setsockopt(socket, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        guard let channel = LoopbackChannel(socket: socket, security: security) else { return nil }
        self.channel = channel
    }

    /// The next request, with the body that its Content-Length announces; nil when the client has gone.
    mutating func nextRequest() -> LoopbackRequest? {
        while true {
            if let end = endOfHeader {
                var request = parse(received[..<end])
                received.removeFirst(end)
                let length = request?["Content-Length"].flatMap(Int.init) ?? 0
                while received.count < length { guard receive() else { return nil } }
                request?.body = Array(received.prefix(length))
                received.removeFirst(length)
                return request
            }
            // What does not start with a method's letter is a TLS hello or worse, and would never end as a header.
            guard receive(), let first = received.first, first.isLetter, received.count < 1 << 20 else { return nil }
        }
    }

    /// False if the connection is at its end.
    mutating func send(_ reply: LoopbackReply) -> Bool {
        let body = reply.body
        switch reply.delivery {
        case .whole:
            return channel.send(head(reply, length: body.count) + body)
        case .chunked(let size):
            return channel.send(head(reply, length: nil)) && writeChunks(body, size: size) && channel.send(Array("0\r\n\r\n".utf8))
        case .slow(let size, let pause):
            guard channel.send(head(reply, length: body.count)) else { return false }
            return pieces(body, size: size).allSatisfy { channel.send($0) && channel.clientStays(milliseconds: pause) }
        case .cutAfter(let count):
            _ = channel.send(head(reply, length: body.count) + body.prefix(count))
            return false
        case .chunkedAndCut(let size):
            _ = channel.send(head(reply, length: nil)) && writeChunks(body, size: size)
            return false
        case .endlessBody:
            var head = reply
            head.headers.append(("Connection", "close"))
            guard channel.send(self.head(head, length: body.count, isLengthKnown: false)) else { return false }
            while channel.send(body) {}
            return false
        case .endlessHeaders:
            guard channel.send(Array("HTTP/1.1 200 Scripted\r\n".utf8)) else { return false }
            while channel.send(Array("X-Filler: \(String(repeating: "x", count: 1000))\r\n".utf8)) {}
            return false
        case .slowHeaders(let pause):
            guard channel.send(Array("HTTP/1.1 200 Scripted\r\n".utf8)) else { return false }
            while channel.send(Array("X-Filler: x\r\n".utf8)), channel.clientStays(milliseconds: pause) {}
            return false
        case .endlessHeaderLine:
            guard channel.send(Array("HTTP/1.1 200 Scripted\r\nX-Filler: ".utf8)) else { return false }
            while channel.send(Array(repeating: UInt8(ascii: "x"), count: 10_000)) {}
            return false
        case .silence:
            while receive() {}
            return false
        case .hangUp:
            return false
        case .raw:
            _ = channel.send(body)
            return false
        }
    }

    /// The status line and the header with its empty line; `length` nil for a chunked body.
    private func head(_ reply: LoopbackReply, length: Int?, isLengthKnown: Bool = true) -> [UInt8] {
        var head = "HTTP/1.1 \(reply.status) Scripted\r\n"
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        if let length {
            // 304 has no body, and a length of one would be that of another answer (RFC 9110 §8.6).
            if isLengthKnown, reply.status != 304, reply.status != 204 { head += "Content-Length: \(length)\r\n" }
        } else {
            head += "Transfer-Encoding: chunked\r\n"
        }
        return Array((head + "\r\n").utf8)
    }

    private func writeChunks(_ body: [UInt8], size: Int) -> Bool {
        pieces(body, size: size).allSatisfy {
            channel.send(Array("\(String($0.count, radix: 16))\r\n".utf8) + $0 + Array("\r\n".utf8))
        }
    }

    private func pieces(_ body: [UInt8], size: Int) -> [[UInt8]] {
        stride(from: 0, to: body.count, by: size).map { Array(body[$0..<min($0 + size, body.count)]) }
    }

    private var endOfHeader: Int? {
        guard received.count >= 4 else { return nil }
        return (4...received.count).first { received[($0 - 4)..<$0].elementsEqual("\r\n\r\n".utf8) }
    }

    private func parse(_ header: ArraySlice<UInt8>) -> LoopbackRequest? {
        let lines = String(decoding: header, as: UTF8.self).split(separator: "\r\n")
        let message = lines.first?.split(separator: " ") ?? []
        guard message.count == 3 else { return nil }
        let headers = lines.dropFirst().compactMap { line -> LoopbackRequest.Header? in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return LoopbackRequest.Header(name: String(parts[0]), value: String(parts[1].drop { $0 == " " }))
        }
        return LoopbackRequest(method: String(message[0]), path: String(message[1]), headers: headers)
    }

    private mutating func receive() -> Bool {
        let bytes = channel.receive()
        received += bytes
        return !bytes.isEmpty
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
}
