import Bytes
import HTTP1

extension FuzzTarget {
    /// The request parser: the same requests and the same error whatever the split, bodies within the limit,
    /// and an accepted request written out again is read as the same request.
    package static let http = FuzzTarget(name: "http") { input in
        let split = SplitInput(input)
        let whole = requests(in: [split.bytes[...]], within: limits)
        precondition(whole == requests(in: split.pieces, within: limits), "the split changes the requests")
        for case .request(let request) in whole.events {
            precondition(request.body.count <= limits.bodyBytes, "a body is over the limit")
            precondition(request.fields.count <= limits.fieldCount, "too many fields")
            _ = (request.pathSegments, request.query, request.keepsAlive)
            // What was no UTF-8 comes back three times as long, hence the wider limits.
            let again = requests(in: [written(request)[...]], within: RequestLimits(bodyBytes: 256))
            precondition(again.events.last == .request(request), "not read again")
        }
    }

    private struct Requests: Equatable {
        var events: [RequestParser.Event] = []
        var error: HTTPError?
    }

    private static var limits: RequestLimits {
        var limits = RequestLimits(bodyBytes: 256)
        (limits.requestLineBytes, limits.headerBytes, limits.fieldCount) = (300, 2000, 20)
        return limits
    }

    private static func requests(
        in pieces: [ArraySlice<UInt8>], within limits: RequestLimits
    ) -> Requests {
        var parser = RequestParser(limits: limits)
        var requests = Requests()
        do throws(HTTPError) {
            for piece in pieces {
                parser.receive(piece.span)
                while let event = try parser.nextEvent() { requests.events.append(event) }
            }
        } catch {
            requests.error = error
        }
        return requests
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
