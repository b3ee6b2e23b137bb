import HTTP1
import TestKit
import Testing

@testable import Gateway

@Suite("What an HTTP connection may cost is bounded, told, counted, and nobody else's trouble")
struct DoorLimitTests {
    private static func reached(_ limit: DoorLimit, of gateway: TestGateway) throws -> Int {
        let text = try TestConnection(to: gateway.address).ask("GET", "/metrics").text
        let family = try PrometheusText.parse(text)["parley_limits_reached_total"]
        return Int(family?.samples.first { $0.labels["limit"] == limit.rawValue }?.value ?? -1)
    }

    @Test("errors of size are limits, errors of form are not")
    func names() {
        let limits = Dictionary(grouping: HTTPError.allCases) { DoorLimit(reachedBy: $0) }
        #expect(limits[.headerBytes] == [.requestLineTooLong, .headerTooLarge, .tooManyFields])
        #expect(limits[.bodyBytes] == [.bodyTooLarge] && limits.count == 3)
    }

    private func gateway() throws -> TestGateway {
        try TestGateway(workers: 1) {
            $0.http.headerTime = .milliseconds(150)
            $0.http.requestTime = .milliseconds(300)
            $0.http.idleTime = .milliseconds(150)
            $0.http.headerBytes = 2_048
        }
    }

    @Test("http.headerMs, http.requestMs, http.idleMs: heads, bodies and pauses have times of their own")
    func boundsTime() throws {
        let gateway = try gateway()
        let neighbour = try Neighbour(of: gateway)
        let post = "POST /api/v1/rooms/a/publications HTTP/1.1\r\nHost: localhost\r\n"
        for (start, limit, says) in [
            ("GET / HTTP/1.1\r\nX: ", DoorLimit.headerTime, "head"),
            (post + "Content-Length: 9\r\n\r\n{", .requestTime, "request"),
        ] {
            let slow = try TestConnection(to: gateway.address)
            try slow.send(start)
            let refused = try slow.answer()
            #expect(refused.status == 408 && refused["Connection"] == "close" && refused.text.contains(says))
            #expect(try slow.readToEnd() == [])
            #expect(try Self.reached(limit, of: gateway) == 1)
        }
        let idle = try TestConnection(to: gateway.address)
        #expect(try idle.ask("GET", "/healthz").status == 200)
        #expect(try idle.readToEnd() == [])
        #expect(try Self.reached(.idleTime, of: gateway) >= 1)
        try neighbour.isUndisturbed()
    }

    @Test("http.headerBytes: half of it for the request line, all of it for the fields; then bodies")
    func boundsSize() throws {
        let gateway = try gateway()
        let neighbour = try Neighbour(of: gateway)
        let host = "Host: localhost\r\n"
        func status(_ request: String) throws -> Int {
            let connection = try TestConnection(to: gateway.address)
            try connection.send(request)
            return try connection.answer().status
        }
        #expect(try status("GET /\(String(repeating: "x", count: 1_000)) HTTP/1.1\r\n\(host)\r\n") == 404)
        #expect(try status("GET /\(String(repeating: "x", count: 1_024)) HTTP/1.1\r\n\(host)\r\n") == 414)
        #expect(try status("GET / HTTP/1.1\r\n\(host)X: \(String(repeating: "x", count: 2_048))\r\n") == 431)
        #expect(try Self.reached(.headerBytes, of: gateway) == 2)
        #expect(try status("POST / HTTP/1.1\r\n\(host)Content-Length: 99999999\r\n\r\n") == 413)
        #expect(try Self.reached(.bodyBytes, of: gateway) == 1)
        try neighbour.isUndisturbed()
    }

    @Test("http.answerMs: who asks and reads nothing is cut off")
    func boundsReading() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.http.answerTime = .milliseconds(200)
            $0.http.answersAheadBytes = 64 * 1_024
        }
        let neighbour = try Neighbour(of: gateway)
        let connection = try TestConnection(to: gateway.address, receiveBuffer: 4_096)
        // Some 15 MB of answers: more than the kernel keeps for a peer that reads none.
        let request = "GET /page/app.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let sender = SendingThread(connection, Array(String(repeating: request, count: 200).utf8))
        while try Self.reached(.answerTime, of: gateway) == 0 {}
        sender.join()
        try neighbour.isUndisturbed()
    }
}
