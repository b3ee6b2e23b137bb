/// Is told what happens on one connection. Any of the calls may send, pause, close or abort.
package protocol TCPSocketDelegate: AnyObject {
    /// Bytes came. They lie in the loop's buffer and are gone after the call: what cannot be used yet is
    /// copied.
    func received(_ bytes: Span<UInt8>, on socket: TCPSocket)
    /// The peer sends no more; it may still read. Not called after `closeAfterFlush`. It says nothing of
    /// where a message ends: somebody between may have cut the connection.
    func peerEnded(_ socket: TCPSocket)
    /// More than `lowWaterMark` bytes had waited, and now at most so many do.
    func drained(_ socket: TCPSocket)
    /// The connection is over: told exactly once, near the end of the turn, and nothing follows it.
    func closed(_ socket: TCPSocket, because reason: ConnectionEnd)
}

/// Why a connection is over.
package enum ConnectionEnd: Hashable, Sendable {
    /// `closeAfterFlush` wrote everything and the peer ended its half too.
    case finished
    /// After `closeAfterFlush` the peer did not read or end in time.
    case lingeredTooLong
    /// `abort` was called.
    case aborted
    /// Both halves ended, or the peer reset, while nobody was reading.
    case peerGone
    /// The layer between the wire and us could not go on: a TLS handshake was refused, or a record was no
    /// record. The peer was told why.
    case layerFailed
    /// The kernel reported an error, for example a reset.
    case failed(SystemError)
}
