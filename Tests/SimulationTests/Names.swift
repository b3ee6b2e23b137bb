import Chat
import ChatProtocol

extension RoomName {
    /// A name known to be right.
    static func named(_ text: String) -> RoomName {
        do { return try RoomName(text) } catch { preconditionFailure(error.description) }
    }

    /// The room in the simulation's only tenant.
    var key: RoomKey { RoomKey(tenant: .default, name: self) }
}

extension UserID {
    /// A name known to be right.
    static func named(_ text: String) -> UserID {
        do { return try UserID(text) } catch { preconditionFailure(error.description) }
    }
}

extension ClientID {
    /// A name known to be right.
    static func named(_ text: String) -> ClientID {
        do { return try ClientID(text) } catch { preconditionFailure(error.description) }
    }
}

extension Epoch {
    /// The archive's generation: the base 36 number before the dash. Asked at every step, so it parses by
    /// itself.
    var generation: ArchiveGeneration {
        var number: Int64 = 0
        for byte in description.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number * 36 + Int64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                number = number * 36 + Int64(byte - UInt8(ascii: "a")) + 10
            default: return ArchiveGeneration(number: number)
            }
        }
        return ArchiveGeneration(number: number)
    }
}
