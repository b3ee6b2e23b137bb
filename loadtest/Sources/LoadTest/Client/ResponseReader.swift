import Bytes
import HTTP1

/// Responses out of the bytes of one connection, one after another. Bodies have a Content-Length.
struct ResponseReader {
    /// One response.
    struct Response: Equatable {
        /// Three digits.
        let status: Int
        /// Its content.
        let body: [UInt8]
        /// The connection ends with it.
        let closes: Bool
    }

    /// Larger than every page with the default limits (chat.md §2).
    static let bodyByteLimit = 8 * 1024 * 1024

    private var unread = ByteQueue()
    private var head: ResponseHead?

    /// Takes bytes of the network.
    mutating func receive(_ chunk: Span<UInt8>) { unread.append(chunk) }

    /// The next response; nil while it is not all there.
    mutating func next() throws(ResponseError) -> Response? {
        if head == nil {
            guard let found = try ResponseHead.read(unread.span) else { return nil }
            unread.removeFirst(found.count)
            head = found
        }
        guard let head else { return nil }
        guard let text = head.fields["Content-Length"], let length = Int(text), length >= 0 else {
            throw .noLength
        }
        guard length <= Self.bodyByteLimit else { throw .tooLarge }
        guard unread.count >= length else { return nil }
        let body = [UInt8](unread.span.extracting(first: length))
        unread.removeFirst(length)
        self.head = nil
        return Response(
            status: head.status, body: body, closes: head.fields.list("Connection", contains: "close"))
    }
}
