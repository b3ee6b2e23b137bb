import Bytes
import HTTP1

extension FuzzTarget {
    /// The request parser: the requests that a simple reader sees in the same bytes and the same error,
    /// whatever the split; bodies within the limit; nothing after an error; and an accepted request written
    /// out again is read as the same request.
    package static let http = FuzzTarget(name: "http") { input in
        let split = SplitInput(input)
        let whole = Requests(in: [split.bytes[...]], within: limits)
        for pieces in split.ways {
            let inPieces = Requests(in: pieces, within: limits)
            precondition(whole.events == inPieces.events, "the split changes the requests")
            precondition(whole.error == inPieces.error, "the split changes the error")
            precondition(whole.remainder == inPieces.remainder, "the split changes the rest")
        }
        check(split.bytes)
        for case .request(let request) in whole.events {
            precondition(request.body.count <= limits.bodyBytes, "a body is over the limit")
            precondition(request.fields.count <= limits.fieldCount, "too many fields")
            _ = (request.pathSegments, request.query, request.keepsAlive)
            // What was no UTF-8 comes back three times as long, hence the wider limits.
            let again = Requests(in: [written(request)[...]], within: RequestLimits(bodyBytes: 256))
            precondition(again.events.last == .request(request), "not read again")
            precondition(again.remainder == [], "written too long")
        }
    }

    private static var limits: RequestLimits {
        var limits = RequestLimits(bodyBytes: 256)
        (limits.requestLineBytes, limits.headerBytes, limits.fieldCount) = (300, 2000, 20)
        return limits
    }

    /// Byte by byte, so that each request's own bytes are known, and shown to the simple reader.
    private static func check(_ bytes: [UInt8]) {
        var parser = RequestParser(limits: limits)
        var start = 0
        var isRefused = false
        for index in bytes.indices {
            parser.receive([bytes[index]].span)
            do throws(HTTPError) {
                while let event = try parser.nextEvent() {
                    precondition(!isRefused, "an event after an error")
                    guard case .request(let request) = event else { continue }
                    NaiveRequest(Array(bytes[start...index])).check(request)
                    start = index + 1
                }
                precondition(!isRefused, "an error is forgotten")
            } catch {
                isRefused = true
                precondition(!error.sentence.isEmpty && error.status.code >= 400, "a refusal")
                precondition(parser.unreadCount == 0, "memory is kept after an error")
            }
        }
    }

    /// The request as a client would send it: method, target, fields and body as they were, chunks as one
    /// chunk.
    private static func written(_ request: HTTPRequest) -> [UInt8] {
        var writer = ByteWriter()
        let isWhole = !request.authority.isEmpty && request.fields["Host"] != request.authority
        let target = isWhole ? "http://\(request.authority)\(request.target)" : request.target
        writer.append("\(request.method) \(target) HTTP/1.\(request.version == .http11 ? 1 : 0)\r\n")
        for field in request.fields.all { writer.append("\(field.name): \(field.value)\r\n") }
        writer.append("\r\n")
        guard request.fields["Transfer-Encoding"] != nil else {
            writer.append(request.body)
            return writer.finish()
        }
        if !request.body.isEmpty {
            writer.append(String(request.body.count, radix: 16) + "\r\n")
            writer.append(request.body)
            writer.append("\r\n")
        }
        writer.append("0\r\n\r\n")
        return writer.finish()
    }
}

/// What a parser makes of bytes that come in these pieces.
private struct Requests {
    var events: [RequestParser.Event] = []
    var error: HTTPError?
    /// What belongs to no request; nil if they end inside one.
    var remainder: [UInt8]?

    init(in pieces: [ArraySlice<UInt8>], within limits: RequestLimits) {
        var parser = RequestParser(limits: limits)
        do throws(HTTPError) {
            for piece in pieces {
                parser.receive(piece.span)
                while let event = try parser.nextEvent() { events.append(event) }
            }
        } catch {
            self.error = error
            return
        }
        let rest = parser.takeRemainder()
        if parser.isIdle { remainder = rest }
    }
}
