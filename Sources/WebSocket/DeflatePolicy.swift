/// What one end does about compression, whatever the other is like.
package struct DeflatePolicy: Sendable, Hashable {
    /// Whether connections keep their windows from message to message. Without it nothing is kept for a
    /// connection between its messages.
    package var keepsContext = false
    /// Messages below so many bytes are sent as they are.
    package var minimumBytes = 1_024
    /// zlib's level, 1 (fast) to 9 (small).
    package var level = 6
    /// The window's size as a power of two, 9 to 15, at most.
    package var windowBits = 15
    /// zlib's memory level, 1 (little, slower) to 9.
    package var memoryLevel = 8

    /// The usual policy.
    package init() {}
}
