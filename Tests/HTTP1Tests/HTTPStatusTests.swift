import HTTP1
import Testing

@Suite("RFC 9110 §15 status codes")
struct HTTPStatusTests {
    @Test("a status is its code; the phrase is for people")
    func comparesByCode() {
        #expect(HTTPStatus(404, "Nowhere") == .notFound)
        #expect(HTTPStatus.ok != .created)
        #expect(Set([HTTPStatus.notFound, HTTPStatus(404, "Nowhere")]).count == 1)
    }
}
