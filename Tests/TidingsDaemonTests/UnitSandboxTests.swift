import Testing

@testable import TidingsDaemon

struct UnitSandboxTests {
    @Test("a folder that the unit may hide is told with what to write", arguments: [
        ("/home/ann/news", "may hide /home (ProtectHome=): write 'ProtectHome=read-only'"),
        ("/root/news", "may hide /root (ProtectHome=)"),
        ("/run/user/1000/news", "may hide /run/user (ProtectHome=)"),
        ("/tmp/news", "may have a /tmp of its own (PrivateTmp=): move the folder elsewhere, or write 'PrivateTmp=no'"),
        ("/var/tmp/news", "may have a /var/tmp of its own"),
        ("/srv/news", nil), ("/homes/news", nil), ("/tmpfiles", nil),
    ])
    func hints(path: String, expected: String?) throws {
        let sandbox = try #require(UnitSandbox(["INVOCATION_ID": "4711"]))
        let message = sandbox.message(path: path)
        #expect((message == nil) == (expected == nil))
        if let expected { #expect(message?.contains(expected) == true, "\(message ?? "")") }
    }

    @Test("only a service has a unit that hides something", arguments: [
        ([:], false), (["INVOCATION_ID": "4711"], true), (["INVOCATION_ID": "4711", "SYSTEMD_EXEC_PID": "7"], true),
        (["INVOCATION_ID": "4711", "SYSTEMD_EXEC_PID": "8"], false), (["SYSTEMD_EXEC_PID": "7"], false),
    ])
    func services(environment: [String: String], isService: Bool) {
        #expect((UnitSandbox(environment, pid: 7) != nil) == isService)
    }
}
