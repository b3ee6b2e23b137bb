import Networking

/// A connection on its way in: let in, and not yet handed to those who speak HTTP.
struct Arrival {
    let socket: TCPSocket
    let id: ConnectionID
    /// Whether it came to a listener where TLS is spoken.
    let isTLS: Bool
    /// What it is counted by.
    let pass: Pass
    /// Who it is, as far as is known by now.
    var peer: Peer
    /// What came behind a PROXY header and belongs to the connection.
    var early: [UInt8] = []
}
