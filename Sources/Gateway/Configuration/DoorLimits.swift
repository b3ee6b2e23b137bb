/// How many may come in, and how fast. 0 is no limit, but for times.
package struct DoorLimits: Sendable, Hashable {
    /// Connections of the process; 0 leaves it to the file descriptors.
    package var connections = 0
    /// Connections of one address.
    package var connectionsPerAddress = 1_000
    /// WebSocket handshakes in a second, over a longer time.
    package var handshakesPerSecond = 2_000
    /// WebSocket handshakes at once after a quiet time.
    package var handshakeBurst = 4_000
    /// WebSocket handshakes of one address in a second.
    package var handshakesPerAddress = 100
    /// WebSocket handshakes of one address at once after a quiet time.
    package var handshakeAddressBurst = 1_000
    /// So long a TLS handshake or a PROXY header may take.
    package var handshakeTime: Duration = .seconds(10)

    /// The usual limits.
    package init() {}
}
