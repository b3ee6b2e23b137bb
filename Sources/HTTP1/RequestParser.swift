import Bytes

/// Requests out of the bytes of one connection (RFC 9112, the server's side). Any split of the bytes gives
/// the same events, and one request after another may stand in them (pipelining).
///
/// Strict where leniency lets two readers see two different requests. After an error nothing more is read. It
/// does not write answers and knows no time-outs.
///
///     requestLine ─► fields ─┬─► body ───────────────────────────┬─► requestLine
///                            └─► chunkSize ─► chunkData ─► chunkEnd
///                                    │ ▲─────────────────────┘   │
///                                    └─► trailers ───────────────┘
package struct RequestParser {
    /// What the connection is to act upon.
    package enum Event: Sendable, Hashable {
        /// The request's header section is here and its body waits for `100 Continue` (RFC 9110 §10.1.1).
        case expectsContinue
        /// A whole request.
        case request(HTTPRequest)
    }

    private enum State {
        case requestLine
        case fields
        case body(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case failed(HTTPError)
    }

    /// A chunk size, and extensions that nobody reads.
    private static let chunkLineBytes = 256

    private let limits: RequestLimits
    private var state = State.requestLine
    private var unread = ByteQueue()
    /// So many of the unread bytes hold no line feed: each is looked at once, however they trickle in.
    private var searched = 0
    private var head: RequestHead?
    private var body: [UInt8] = []
    /// What is left of `limits.headerBytes` and `limits.fieldCount` in this section.
    private var headerBytesLeft = 0
    private var fieldsLeft = 0
    /// RFC 9112 §2.2: one empty line before a request line is overlooked; old clients end a body with it.
    private var mayOverlookEmptyLine = true

    /// A parser at the beginning of a connection; a request beyond `limits` is refused.
    package init(limits: RequestLimits) { self.limits = limits }

    /// How much of a request has come.
    package enum Progress: Sendable { case nothing, partOfHead, wholeHead }

    /// How much of the next request has come; once one was refused, how much of that had.
    package var progress: Progress {
        switch state {
        case .requestLine: unread.isEmpty ? .nothing : .partOfHead
        case .fields: .partOfHead
        case .body, .chunkSize, .chunkData, .chunkEnd, .trailers, .failed: .wholeHead
        }
    }

    /// Whether nothing of a request has come yet: the connection may be closed without loss.
    package var isIdle: Bool { progress == .nothing }

    /// The request that is being read or was refused, as far as its head is known and without its body; nil
    /// before its request line was read.
    package var unfinished: HTTPRequest? { head?.request(body: []) }

    /// How many bytes wait to be read. A caller that answers one request at a time stops reading when they
    /// are many.
    package var unreadCount: Int { unread.count }

    /// Takes bytes of the network; `nextEvent` reads them.
    package mutating func receive(_ bytes: Span<UInt8>) {
        if case .failed = state { return }
        unread.append(bytes)
    }

    /// The bytes that belong to no request so far, for whoever takes over the connection after an upgrade.
    /// They are forgotten here.
    package mutating func takeRemainder() -> [UInt8] {
        let rest = [UInt8](unread.span)
        unread.removeAll()
        searched = 0
        return rest
    }

    /// The next event; nil when more bytes are needed. Once it has thrown it throws the same again.
    package mutating func nextEvent() throws(HTTPError) -> Event? {
        do throws(HTTPError) {
            while true {
                switch try step() {
                case .needsMore: return nil
                case .goesOn: continue
                case .event(let event): return event
                }
            }
        } catch {
            state = .failed(error)
            unread.removeAll()
            body = []
            throw error
        }
    }

    private enum Step {
        case needsMore, goesOn
        case event(Event)
    }

    private mutating func step() throws(HTTPError) -> Step {
        switch state {
        case .requestLine: return try readRequestLine()
        case .fields: return try readField()
        case .body(let remaining): return readBody(remaining)
        case .chunkSize: return try readChunkSize()
        case .chunkData(let remaining): return readChunk(remaining)
        case .chunkEnd: return try readChunkEnd()
        case .trailers: return try readTrailer()
        case .failed(let error): throw error
        }
    }

    // MARK: Header section

    private mutating func readRequestLine() throws(HTTPError) -> Step {
        guard let length = try lineLength(limit: limits.requestLineBytes, beyond: .requestLineTooLong) else {
            return .needsMore
        }
        if length == 0, mayOverlookEmptyLine {
            mayOverlookEmptyLine = false
            removeLine(length)
            return .goesOn
        }
        head = try RequestHead(requestLine: unread.span.extracting(0..<length))
        removeLine(length)
        beginSection(.fields)
        return .goesOn
    }

    private mutating func readField() throws(HTTPError) -> Step {
        guard let length = try sectionLineLength() else { return .needsMore }
        guard length == 0 else {
            let field = try RequestHead.field(unread.span.extracting(0..<length))
            head!.fields.append(field.name, field.value)
            removeLine(length)
            return .goesOn
        }
        removeLine(length)
        switch try head!.finish() {
        case .none: return finishRequest()
        case .length(let count):
            guard count <= limits.bodyBytes else { throw .bodyTooLarge }
            state = .body(remaining: count)
        case .chunked:
            state = .chunkSize
        }
        return head!.expectsContinue ? .event(.expectsContinue) : .goesOn
    }

    private mutating func beginSection(_ section: State) {
        state = section
        headerBytesLeft = limits.headerBytes
        fieldsLeft = limits.fieldCount
    }

    /// The length of the next line of fields or trailers, counted against the limits of its section.
    private mutating func sectionLineLength() throws(HTTPError) -> Int? {
        guard let length = try lineLength(limit: max(headerBytesLeft - 2, 0), beyond: .headerTooLarge) else {
            return nil
        }
        if length > 0 {
            guard fieldsLeft > 0 else { throw .tooManyFields }
            fieldsLeft -= 1
            headerBytesLeft -= length + 2
        }
        return length
    }

    // MARK: Body

    private mutating func readBody(_ remaining: Int) -> Step {
        let left = takeBody(remaining)
        state = .body(remaining: left)
        return left == 0 ? finishRequest() : .needsMore
    }

    /// RFC 9112 §7.1: the size in hexadecimal digits, and extensions after a semicolon, which are ignored.
    private mutating func readChunkSize() throws(HTTPError) -> Step {
        guard let length = try lineLength(limit: Self.chunkLineBytes, beyond: .malformedChunk) else {
            return .needsMore
        }
        let size = try Self.chunkSize(unread.span.extracting(0..<length))
        removeLine(length)
        guard size <= limits.bodyBytes - body.count else { throw .bodyTooLarge }
        if size == 0 { beginSection(.trailers) } else { state = .chunkData(remaining: size) }
        return .goesOn
    }

    private static func chunkSize(_ line: Span<UInt8>) throws(HTTPError) -> Int {
        var size = 0
        var digits = 0
        while digits < line.count, let value = line[digits].hexDigitValue {
            guard size <= Int.max >> 4 else { throw .bodyTooLarge }
            size = size << 4 | value
            digits += 1
        }
        guard digits > 0 else { throw .malformedChunk }
        let rest = line.extracting(digits..<line.count)
        // White space before the semicolon is "bad white space", which a sender must not write: refused.
        guard rest.count == 0 || rest[0] == UInt8(ascii: ";"), rest.allSatisfy(\.isFieldValueCharacter) else {
            throw .malformedChunk
        }
        return size
    }

    private mutating func readChunk(_ remaining: Int) -> Step {
        let left = takeBody(remaining)
        state = left == 0 ? .chunkEnd : .chunkData(remaining: left)
        return left == 0 ? .goesOn : .needsMore
    }

    private mutating func readChunkEnd() throws(HTTPError) -> Step {
        guard let length = try lineLength(limit: 0, beyond: .malformedChunk) else { return .needsMore }
        removeLine(length)
        state = .chunkSize
        return .goesOn
    }

    /// RFC 9110 §6.5.1: trailers may be dropped, and here they are; but they must be well-formed, and such
    /// as may stand here.
    private mutating func readTrailer() throws(HTTPError) -> Step {
        guard let length = try sectionLineLength() else { return .needsMore }
        if length > 0 {
            let field = try RequestHead.field(unread.span.extracting(0..<length))
            guard RequestHead.mayTrail(field.name) else { throw .forbiddenTrailer }
        }
        removeLine(length)
        return length == 0 ? finishRequest() : .goesOn
    }

    private mutating func takeBody(_ wanted: Int) -> Int {
        let count = min(wanted, unread.count)
        guard count > 0 else { return wanted }
        var body = self.body
        self.body = []
        body.append(unread.span.extracting(0..<count))
        self.body = body
        unread.removeFirst(count)
        return wanted - count
    }

    private mutating func finishRequest() -> Step {
        let request = head!.request(body: body)
        (head, body) = (nil, [])
        state = .requestLine
        mayOverlookEmptyLine = true
        return .event(.request(request))
    }

    // MARK: Lines

    /// The length of the first unread line without its line end; nil when it is not complete.
    private mutating func lineLength(limit: Int, beyond error: HTTPError) throws(HTTPError) -> Int? {
        let length = try Self.lineLength(unread.span, from: searched, limit: limit)
        if let length { return length }
        guard unread.count < limit + 2 else { throw error }
        searched = unread.count
        return nil
    }

    /// The same within the limit, looking only at bytes from `start` on.
    private static func lineLength(
        _ bytes: Span<UInt8>, from start: Int, limit: Int
    ) throws(HTTPError) -> Int? {
        for index in start..<max(start, min(bytes.count, limit + 2)) {
            let followsReturn = index > 0 && bytes[index - 1] == 0x0D
            if bytes[index] == 0x0A {
                // RFC 9112 §2.2 lets a lone line feed pass; two readers who differ here can be played off
                // against each other, so it does not pass.
                guard followsReturn else { throw .bareLineFeed }
                return index - 1
            }
            guard !followsReturn else { throw .bareCarriageReturn }
        }
        return nil
    }

    private mutating func removeLine(_ length: Int) {
        unread.removeFirst(length + 2)
        searched = 0
    }
}
