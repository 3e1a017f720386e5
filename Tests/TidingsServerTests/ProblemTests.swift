import Testing

@testable import TidingsServer

@Suite("Problem documents")
struct ProblemTests {
    @Test("a problem tells its title, status and detail, and what the stream has")
    func json() {
        let problem = Problem(.gone, "too old", extent: Problem.Extent(stream: "u", oldest: 7, newest: 9))
        let expected = #"{"title":"Gone","status":410,"detail":"too old","stream":"urn:uuid:u","oldest":7,"newest":9,"snapshot":"/v1/snapshot"}"#
        #expect(String(decoding: problem.json, as: UTF8.self) == expected + "\n")
    }
}
