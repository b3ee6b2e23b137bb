/// What the standard library says of a text.
enum UTF8Oracle {
    /// Whether this is UTF-8, from its first to its last byte.
    static func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// Whether some text begins with these bytes: one of these ends makes the character begun complete.
    static func beginsText(_ bytes: [UInt8]) -> Bool { ends.contains { isText(bytes + $0) } }

    /// After any first byte that wants more, 0x80 or 0xA0 may stand.
    private static let ends: [[UInt8]] = [
        [], [0x80], [0x80, 0x80], [0x80, 0x80, 0x80], [0xA0], [0xA0, 0x80], [0xA0, 0x80, 0x80],
    ]
}
