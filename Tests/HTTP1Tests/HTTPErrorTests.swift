import HTTP1
import Testing

@Suite("RFC 9110 §15 errors")
struct HTTPErrorTests {
    @Test("every error has a status of failure and a sentence", arguments: HTTPError.allCases)
    func isTold(_ error: HTTPError) {
        #expect((400...599).contains(error.status.code))
        #expect(error.sentence.hasSuffix("."))
        let response = HTTPResponse(error)
        #expect(response.status == error.status)
        #expect(response.body == Array((error.sentence + "\n").utf8))
    }
}
