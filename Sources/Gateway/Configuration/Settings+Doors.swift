import Networking
import WebSocket

/// The values of the options that tell of doors.
extension Settings {
    /// What a WebSocket does about compression; nil where nothing is compressed.
    func compression() throws(ConfigurationError) -> DeflatePolicy? {
        var compression = DeflatePolicy()
        compression.keepsContext = try flag("compression.contextTakeover")
        compression.minimumBytes = try integer("compression.minimumBytes")
        compression.level = try integer("compression.level")
        compression.windowBits = try integer("compression.windowBits")
        compression.memoryLevel = try integer("compression.memoryLevel")
        return try flag("compression.enabled") ? compression : nil
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

    func proxies() throws(ConfigurationError) -> ProxySettings {
        var proxies = ProxySettings()
        let trusted = value(of: "proxies.trusted")
        for text in trusted.values {
            do {
                proxies.trusted.append(try AddressRange(text))
            } catch {
                throw ConfigurationError("\(trusted.source): \(error)")
            }
        }
        guard let field = ProxySettings.Field(rawValue: try choice("proxies.header")) else {
            preconditionFailure("the choices of proxies.header are those of the type")
        }
        proxies.field = field
        proxies.hasPreface = try flag("proxies.protocol")
        if proxies.hasPreface, proxies.trusted.isEmpty {
            throw ConfigurationError(
                "\(value(of: "proxies.protocol").source): proxies.protocol says what trusted proxies send, "
                    + "and none is trusted; name them in proxies.trusted.")
        }
        return proxies
    }
}
