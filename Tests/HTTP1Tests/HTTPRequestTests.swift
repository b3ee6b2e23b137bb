import HTTP1
import Testing

@Suite("RFC 3986 request targets")
struct HTTPRequestTests {
    func request(_ target: String) -> HTTPRequest { HTTPRequest(method: "GET", target: target) }

    @Test(
        "a path is split first and decoded then, so an escaped slash stays in its segment",
        arguments: [
            ("/", []), ("/a/b", ["a", "b"]), ("/a/", ["a"]), ("//a", ["a"]), ("/a%2Fb/c", ["a/b", "c"]),
            ("/r%C3%A4ume?x=/y", ["räume"]), ("/a+b", ["a+b"]), ("/%E4%B8%96", ["世"]),
        ])
    func splitsPath(_ target: String, _ segments: [String]) {
        #expect(request(target).pathSegments == segments)
    }

    @Test(
        "a malformed escape, a NUL or bytes that are no text have no segments",
        arguments: ["/%", "/%4", "/%zz", "/a%00b", "/%FF", "/%ED%A0%80", "/%-1"])
    func refusesPath(_ target: String) {
        #expect(request(target).pathSegments == nil)
    }

    @Test("a path ends where the query begins")
    func cutsPath() {
        #expect(request("/a/b?c=d?e").path == "/a/b")
        #expect(request("/a").path == "/a")
    }

    @Test("a query keeps order and repeats; + is a space, = may stand in a value")
    func readsQuery() throws {
        let query = try #require(request("/?b=1&a=x+y%26&b=2&c&=z&d=e=f&&").query)
        #expect(
            query.items.map { [$0.name, $0.value] } == [
                ["b", "1"], ["a", "x y&"], ["b", "2"], ["c", ""], ["", "z"], ["d", "e=f"],
            ])
        #expect(query["b"] == "1")
        #expect(query["nothing"] == nil)
        #expect(request("/").query?.items.isEmpty == true)
        #expect(request("/?a=%G0").query == nil)
        #expect(request("/?%ff").query == nil)
    }
}
