import Glibc

/// A port of 127.0.0.1 where connections neither come about nor fail, as behind a firewall that drops packets: its
/// queue of connections that nobody accepts is full.
package final class BlackHole {
    package let port: UInt16
    private var sockets: [CInt] = []

    package init() throws {
        let listener = try LoopbackServer.listen(on: "127.0.0.1", backlog: 0)
        port = LoopbackServer.port(of: listener)
        sockets.append(listener)
        // One more than the queue has room for: "backlog" 0 is a queue of one (listen(2)).
        for _ in 0..<2 { sockets.append(LoopbackServer.connect(to: port)) }
    }

    deinit { for socket in sockets { close(socket) } }
}
