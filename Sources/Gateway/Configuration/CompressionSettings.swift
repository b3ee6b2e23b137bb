import WebSocket

/// How WebSocket messages are compressed (RFC 7692).
package struct CompressionSettings: Sendable, Hashable {
    /// Whether they are at all.
    package var isOn = true
    /// Whether sessions keep their windows from message to message.
    package var keepsContext = false
    /// Messages below so many bytes are sent as they are.
    package var minimumBytes = 1_024
    /// zlib's level, 1 to 9.
    package var level = 6
    /// The window's size as a power of two, 9 to 15.
    package var windowBits = 15
    /// zlib's memory level, 1 to 9.
    package var memoryLevel = 8

    /// The usual settings.
    package init() {}
}

extension CompressionSettings {
    /// What a WebSocket does by these settings; nil where nothing is compressed.
    var policy: DeflatePolicy? {
        guard isOn else { return nil }
        var policy = DeflatePolicy()
        policy.keepsContext = keepsContext
        policy.minimumBytes = minimumBytes
        policy.level = level
        policy.windowBits = windowBits
        policy.memoryLevel = memoryLevel
        return policy
    }
}
