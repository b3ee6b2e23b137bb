/// The values of the options that tell of doors.
extension Settings {
    func compression() throws(ConfigurationError) -> CompressionSettings {
        var compression = CompressionSettings()
        compression.isOn = try flag("compression.enabled")
        compression.keepsContext = try flag("compression.contextTakeover")
        compression.minimumBytes = try integer("compression.minimumBytes")
        compression.level = try integer("compression.level")
        compression.windowBits = try integer("compression.windowBits")
        compression.memoryLevel = try integer("compression.memoryLevel")
        return compression
    }

    func doors() throws(ConfigurationError) -> DoorLimits {
        var limits = DoorLimits()
        limits.connections = try integer("limits.connections")
        limits.connectionsPerAddress = try integer("limits.connectionsPerAddress")
        limits.handshakesPerSecond = try integer("limits.handshakesPerSecond")
        limits.handshakeBurst = try integer("limits.handshakeBurst")
        limits.handshakesPerAddress = try integer("limits.handshakesPerAddress")
        limits.handshakeAddressBurst = try integer("limits.handshakeAddressBurst")
        limits.handshakeTime = try milliseconds("limits.handshakeMs")
        return limits
    }
}
