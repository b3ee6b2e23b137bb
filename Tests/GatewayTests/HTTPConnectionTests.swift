import TestKit
import Testing

@testable import Gateway

@Suite("A live gateway's HTTP: every refusal has its status and a sentence, and harms nobody else")
struct HTTPConnectionTests {
    struct Trouble: CustomTestStringConvertible, Sendable {
        let request: String
        let status: Int
        var testDescription: String { String(request.prefix(70)) }
    }

    private static let host = "Host: localhost\r\n"

    static let troubles = [
        Trouble(request: "GET /\r\n\r\n", status: 505),
        Trouble(request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
        Trouble(
            request: "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", status: 400),
        Trouble(request: "GET / HTTP/1.1\n\(host)\r\n", status: 400),
        Trouble(request: "GET / HTTP/1.1\r\n\r\n", status: 400),
        Trouble(request: "GET / HTTP/1.1\r\n\(host)\(host)\r\n", status: 400),
        Trouble(request: "GET / HTTP/1.1\r\n\(host)Bad Name: x\r\n\r\n", status: 400),
        Trouble(request: "GET / HTTP/1.1\r\n\(host)X: a\r\n folded\r\n\r\n", status: 400),
        Trouble(request: "GET / HTTP/2.0\r\n\(host)\r\n", status: 505),
        Trouble(request: "CONNECT a:1 HTTP/1.1\r\n\(host)\r\n", status: 501),
        Trouble(request: "GET /\(String(repeating: "x", count: 9_000)) HTTP/1.1\r\n\(host)\r\n", status: 414),
        Trouble(
            request: "GET / HTTP/1.1\r\n\(host)X: \(String(repeating: "x", count: 17_000))\r\n\r\n",
            status: 431),
        Trouble(request: "POST / HTTP/1.1\r\n\(host)Content-Length: 1x\r\n\r\n", status: 400),
        Trouble(request: "POST / HTTP/1.1\r\n\(host)Content-Length: 99999999\r\n\r\n", status: 413),
        Trouble(
            request: "POST / HTTP/1.1\r\n\(host)Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            status: 400),
        Trouble(request: "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip\r\n\r\n", status: 400),
        Trouble(
            request: "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n", status: 501),
        Trouble(request: "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nzz\r\n", status: 400),
        Trouble(
            request: "GET / HTTP/1.1\r\n\(host)\(String(repeating: "A: b\r\n", count: 100))\r\n",
            status: 431),
        Trouble(
            request: "POST / HTTP/1.1\r\n\(host)Expect: a-miracle\r\nContent-Length: 1\r\n\r\n", status: 417),
    ]

    @Test("a request that breaks RFC 9112 is answered and its connection closed")
    func refusesMalformed() throws {
        let gateway = try TestGateway(workers: 1)
        let neighbour = try Neighbour(of: gateway)
        for trouble in Self.troubles {
            let connection = try TestConnection(to: gateway.address)
            try connection.send(trouble.request)
            let answer = try connection.answer()
            #expect(answer.status == trouble.status, "\(trouble)")
            #expect(answer.text.hasSuffix(".\n") && answer["Connection"] == "close", "\(trouble)")
            #expect(try connection.readToEnd() == [])
        }
        try neighbour.isUndisturbed()
    }

    @Test("pipelined requests are answered in their order, also behind one that waits for the archive")
    func answersPipelines() throws {
        let gateway = try TestGateway(workers: 2)
        let connection = try TestConnection(to: gateway.address)
        let type = [("Content-Type", "application/json")]
        for number in 1...20 {
            try connection.request(
                "POST", "/api/v1/rooms/pipe/publications", fields: type,
                body: #"{"clientId":"\#(number)","body":1}"#)
            try connection.request("GET", "/healthz")
            try connection.request("GET", "/metrics")
        }
        connection.endWriting()
        for number in 1...20 {
            let stored = try connection.answer()
            #expect(stored.status == 201)
            #expect(try JSONValue(parsing: stored.text)["offset"] == .number(Int64(number)))
            #expect(try connection.answer().text == "alive\n")
            #expect(try connection.answer().text.contains("parley_workers 2\n"))
        }
        // Whoever ends its half after the last request gets every answer, and then the end.
        #expect(try connection.readToEnd() == [])
    }

    @Test("a pipeline of thousands that nobody reads at first costs bounded memory and is answered whole")
    func answersLongPipelines() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.http.answersAheadBytes = 64 * 1_024
            $0.http.readAheadBytes = 4 * 1_024
        }
        let neighbour = try Neighbour(of: gateway)
        let connection = try TestConnection(to: gateway.address, receiveBuffer: 65_536)
        let request = Array("GET /client.js HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        let count = 3_000
        // From another thread: both kernel buffers fill long before the last request is out.
        let sender = SendingThread(connection, [UInt8](repeatElement(request, count: count).joined()))
        try neighbour.isUndisturbed()
        for _ in 0..<count { #expect(try connection.answer().status == 200) }
        sender.join()
        try neighbour.isUndisturbed()
    }

    @Test("a request that does not arrive in its time is 408; a connection that says nothing is just closed")
    func boundsTime() throws {
        let gateway = try TestGateway(workers: 1) {
            $0.http.requestTime = .milliseconds(100)
            $0.http.idleTime = .milliseconds(100)
        }
        let slow = try TestConnection(to: gateway.address)
        try slow.send("GET / HTTP/1.1\r\nHost: loc")
        let answer = try slow.answer()
        #expect(answer.status == 408 && answer["Connection"] == "close")
        #expect(try slow.readToEnd() == [])
        #expect(try TestConnection(to: gateway.address).readToEnd() == [])
        let idle = try TestConnection(to: gateway.address)
        #expect(try idle.ask("GET", "/healthz").status == 200)
        #expect(try idle.readToEnd() == [])
        let body = try TestConnection(to: gateway.address)
        try body.send(
            "POST /api/v1/rooms/a/publications HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        #expect(try body.answer().status == 408)
    }

    @Test("Expect: 100-continue is answered before the body comes")
    func continues() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        let body = #"{"clientId":"1","body":1}"#
        try connection.send(
            "POST /api/v1/rooms/a/publications HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\n"
                + "Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        #expect(try connection.answer().status == 100)
        try connection.send(body)
        #expect(try connection.answer().status == 201)
    }

    @Test("a body that is too large is refused before it comes, also where 100 is asked for")
    func refusesLargeBodies() throws {
        let gateway = try TestGateway(workers: 1)
        for fields in [
            "Content-Length: 99999999\r\n", "Content-Length: 99999999\r\nExpect: 100-continue\r\n",
            "Transfer-Encoding: chunked\r\n",
        ] {
            let connection = try TestConnection(to: gateway.address)
            try connection.send(
                "POST /api/v1/rooms/a/publications HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\n\(fields)\r\n")
            if fields.hasPrefix("Transfer") { try connection.send("8000\r\n\(Self.chunk)\r\n8000\r\n") }
            let refused = try connection.answer()
            #expect(refused.status == 413 && refused["Connection"] == "close")
            let error = try JSONValue(parsing: refused.text)["error"]
            #expect(error?["name"] == .string("tooLarge"))
            #expect(try connection.readToEnd() == [])
        }
    }

    private static let chunk = String(repeating: "x", count: 0x8000)

    @Test("a client that ends its half gets the answers to its thousand requests, in order, and the end")
    func answersHalfClosed() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        let count = 1_000
        var requests = ""
        for number in 0..<count {
            requests += "GET /\(number % 2 == 0 ? "healthz" : "nothing") HTTP/1.1\r\nHost: localhost\r\n\r\n"
        }
        let sender = SendingThread(connection, Array(requests.utf8))
        sender.join()
        connection.endWriting()
        for number in 0..<count {
            #expect(try connection.answer().status == (number % 2 == 0 ? 200 : 404))
        }
        #expect(try connection.readToEnd() == [])
    }

    @Test("HTTP/1.0 keeps the connection where it asks for that, and is told so")
    func keepsOldConnections() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        for _ in 1...3 {
            try connection.send("GET /healthz HTTP/1.0\r\nConnection: foo, Keep-Alive\r\n\r\n")
            let answer = try connection.answer()
            #expect(answer.status == 200 && answer["Connection"] == "keep-alive")
        }
    }

    @Test("every answer has a date and its type is not to be guessed; a refusal is not kept")
    func hardensAnswers() throws {
        let gateway = try TestGateway(workers: 1)
        let connection = try TestConnection(to: gateway.address)
        for target in [
            "/", "/nothing", "/ws", "/healthz", "/metrics", "/api/v1/rooms/a/publications", "/api/x",
        ] {
            let answer = try connection.ask("GET", target)
            #expect(answer.fields.filter { $0.name == "X-Content-Type-Options" }.count == 1, "\(target)")
            #expect(answer["X-Content-Type-Options"] == "nosniff" && answer["Date"] != nil)
            #expect(answer["Cache-Control"] == (target == "/" ? "no-cache" : "no-store"), "\(target)")
        }
    }

    @Test("HTTP/1.0 and Connection: close end after their answer")
    func closesWhenAsked() throws {
        let gateway = try TestGateway(workers: 1)
        for request in [
            "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        ] {
            let connection = try TestConnection(to: gateway.address)
            try connection.send(request)
            #expect(try connection.answer().status == 200)
            #expect(try connection.readToEnd() == [])
        }
    }
}
