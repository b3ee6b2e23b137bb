import Compression

/// One connection's `permessage-deflate` (RFC 7692 §7.2): messages into payloads and back. Confined to the
/// loop of its pool.
///
/// It owns zlib's memory only where context is kept, or while a message is incomplete.
package final class MessageDeflate {
    /// What is agreed on.
    package let parameters: DeflateParameters
    private let pool: DeflatePool
    private let role: FrameHeader.Sender
    /// Of a connection that keeps its context, from its first message on.
    private var ownDeflater: Deflater?
    private var inflater: Inflater?

    /// For the end of the connection that `role` names.
    package init(_ parameters: DeflateParameters, as role: FrameHeader.Sender, from pool: DeflatePool) {
        self.parameters = parameters
        self.role = role
        self.pool = pool
    }

    // MARK: Sending

    /// The window bits of this end if it forgets everything after each message: all such connections of the
    /// pool with the same bits send the same bytes. Nil where each must compress for itself.
    package var sharedWindowBits: Int? {
        switch role {
        case .server: parameters.serverForgets ? parameters.serverWindowBits : nil
        case .client: parameters.clientForgets ? max(9, parameters.clientWindowBits) : nil
        }
    }

    /// A message as the payload of a compressed frame; nil if it is to be sent as it is: it is small, or gets
    /// no smaller. Every payload returned must be sent, and in order.
    package func compressed(_ message: Span<UInt8>) -> [UInt8]? {
        guard message.count >= pool.policy.minimumBytes, message.count > 0 else { return nil }
        if let bits = sharedWindowBits { return pool.compressed(message, windowBits: bits) }
        let deflater = ownDeflater ?? pool.makeDeflater(windowBits: ownWindowBits)
        ownDeflater = deflater
        return pool.compressed(message, by: deflater)
    }

    private var ownWindowBits: Int {
        let bits = role == .server ? parameters.serverWindowBits : parameters.clientWindowBits
        return min(max(9, bits), pool.policy.windowBits)
    }

    // MARK: Receiving

    /// What the last four bytes of a sync flush are; the peer leaves them out (RFC 7692 §7.2.2).
    private static let tail: [UInt8] = [0, 0, 0xFF, 0xFF]

    /// Inflates more of a message's payload and appends to `message`, which may have `limit` bytes; a text is
    /// checked with `text`. The first byte that breaks a rule decides which error is thrown, however the
    /// payload comes in pieces.
    func inflate(
        _ payload: Span<UInt8>, into message: inout [UInt8], limit: Int, checking text: inout UTF8Validator?
    ) throws(WebSocketError) {
        guard payload.count > 0 else { return }
        let inflater = inflater ?? takeInflater()
        var offset = 0
        var failure: InflateError?
        var progress = Inflater.Progress.stepped
        while failure == nil, case .stepped = progress {
            let start = message.count
            do throws(InflateError) {
                progress = try inflater.step(payload, at: &offset, into: &message, limit: limit)
            } catch {
                failure = error
                if message.count > limit { message.removeLast() }
            }
            try text?.check(message, from: start)
        }
        guard let failure else { return }
        throw failure == .tooBig ? .messageTooBig : .malformedCompression
    }

    /// The payload has ended: `deflated` bytes in all.
    func finishMessage(
        _ message: inout [UInt8], deflated: Int, limit: Int, checking text: inout UTF8Validator?
    ) throws(WebSocketError) {
        // Some peers send an empty message as nothing at all, where §7.2.3.6 wants one byte.
        if let inflater, deflated > 0 {
            // §7.2.3.4: behind a final block nothing is missing.
            if !inflater.isBehindFinalBlock {
                try inflate(Self.tail.span, into: &message, limit: limit, checking: &text)
            }
            guard inflater.isBetweenBlocks else { throw .malformedCompression }
        }
        pool.statistics.receivedMessages &+= 1
        pool.statistics.receivedPlainBytes &+= UInt64(message.count)
        pool.statistics.receivedDeflatedBytes &+= UInt64(deflated)
        if peerForgets { returnInflater() }
    }

    /// The message in progress will not be finished, and no other will come.
    func drop() { returnInflater() }

    private var peerForgets: Bool { role == .server ? parameters.clientForgets : parameters.serverForgets }

    private func takeInflater() -> Inflater {
        let bits = role == .server ? parameters.clientWindowBits : parameters.serverWindowBits
        // A window of 8 bits fits into one of 9, and a lent one serves all.
        let taken = peerForgets ? pool.lendInflater() : Inflater(windowBits: max(9, bits))
        inflater = taken
        return taken
    }

    private func returnInflater() {
        guard let inflater = inflater.take() else { return }
        if peerForgets { pool.giveBack(inflater) }
    }
}
