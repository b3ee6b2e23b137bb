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
    /// The archive's generation; every epoch of a simulation has one.
    var generation: ArchiveGeneration { parts?.generation ?? ArchiveGeneration(number: 0) }
}
