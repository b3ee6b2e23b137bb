import Bytes
import HTTP1
import TestKit
import Testing

/// One event as `http-requests.json` writes it.
struct RequestEvent: Decodable, Equatable, Sendable {
    struct Request: Decodable, Equatable, Sendable {
        var method, target, version, authority: String
        var fields: [[String]]
        var body: String
        var keepsAlive: Bool
    }

    var request: Request?
    var expectsContinue: Bool?
    var error: String?
    var status: Int?
}

struct RequestVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Limits: Decodable, Sendable {
        var requestLineBytes, headerBytes, fieldCount, bodyBytes: Int?
    }

    var name, rule, input: String
    var limits: Limits?
    var events: [RequestEvent]
    var remainder: String?

    var testDescription: String { "\(name) (\(rule))" }

    var requestLimits: RequestLimits {
        var result = RequestLimits(bodyBytes: limits?.bodyBytes ?? 1024)
        if let bytes = limits?.requestLineBytes { result.requestLineBytes = bytes }
        if let bytes = limits?.headerBytes { result.headerBytes = bytes }
        if let count = limits?.fieldCount { result.fieldCount = count }
        return result
    }
}

extension RequestEvent {
    init(_ event: RequestParser.Event) {
        switch event {
        case .expectsContinue: expectsContinue = true
        case .request(let request):
            self.request = Request(
                method: request.method, target: request.target,
                version: request.version == .http11 ? "1.1" : "1.0",
                authority: request.authority, fields: request.fields.all.map { [$0.name, $0.value] },
                body: String(decoding: request.body, as: UTF8.self), keepsAlive: request.keepsAlive)
        }
    }
}

extension RequestParser {
    /// The bytes of an array, a slice or a text.
    mutating func receive(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        receive(bytes.span)
    }
}

/// Goal: any split of the bytes gives the same events, and every malformed request is refused with the right
/// status. Method: the vectors of `protocol/vectors/http-requests.json`, played in all splits.
@Suite("RFC 9112 requests")
struct RequestParserTests {
    @Test(
        "every vector gives its events, however it is split",
        arguments: Vectors.load("http-requests", as: RequestVector.self))
    func playsVector(_ vector: RequestVector) {
        for split in Vectors.splits(of: Array(vector.input.utf8)) {
            var parser = RequestParser(limits: vector.requestLimits)
            var events: [RequestEvent] = []
            for piece in split {
                parser.receive(piece)
                if vector.remainder == nil || events.isEmpty {
                    Self.drain(&parser, into: &events, all: vector.remainder == nil)
                }
            }
            #expect(events == vector.events, "split at \(split[0].count) of \(vector.input.utf8.count)")
            if let remainder = vector.remainder {
                #expect(String(decoding: parser.takeRemainder(), as: UTF8.self) == remainder)
                #expect(parser.isIdle)
            }
        }
    }

    /// Reads one event, or all of them up to an error, which is told once.
    static func drain(_ parser: inout RequestParser, into events: inout [RequestEvent], all: Bool) {
        guard events.last?.error == nil else { return }
        do throws(HTTPError) {
            while let event = try parser.nextEvent() {
                events.append(RequestEvent(event))
                if !all { return }
            }
        } catch {
            events.append(RequestEvent(error: error.rawValue, status: error.status.code))
        }
    }

    @Test("after an error nothing more is read, and the error stays")
    func staysFailed() {
        var parser = RequestParser(limits: RequestLimits(bodyBytes: 10))
        parser.receive(Array("bad\r\n".utf8))
        #expect(throws: HTTPError.malformedRequestLine) { _ = try parser.nextEvent() }
        parser.receive(Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
        #expect(throws: HTTPError.malformedRequestLine) { _ = try parser.nextEvent() }
        #expect(parser.unreadCount == 0)
    }

    @Test("one request at a time: what follows waits until it is asked for")
    func waitsToBeAsked() throws {
        let request = Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        var parser = RequestParser(limits: RequestLimits(bodyBytes: 10))
        #expect(parser.isIdle)
        parser.receive((request + request))
        _ = try parser.nextEvent()
        #expect(parser.unreadCount == request.count)
        #expect(!parser.isIdle)
        _ = try parser.nextEvent()
        #expect(parser.isIdle)
    }

    @Test("a request in progress is not idle, wherever it stops")
    func isNotIdleInside() throws {
        let request = Array("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxy".utf8)
        for count in 1..<request.count {
            var parser = RequestParser(limits: RequestLimits(bodyBytes: 10))
            parser.receive(request[..<count])
            #expect(try parser.nextEvent() == nil)
            #expect(!parser.isIdle)
        }
    }

    @Test("the usual limits hold: 8 KiB of request line, 16 KiB of fields, 100 fields")
    func hasUsualLimits() {
        let limits = RequestLimits(bodyBytes: 1)
        #expect(limits.requestLineBytes == 8192 && limits.headerBytes == 16384 && limits.fieldCount == 100)
    }
}
