import Chat

/// The sessions of one worker by slot: small numbers, used again, told apart by a generation.
struct SessionTable {
    private var transports: [(any Transport)?] = []
    private var generations: [UInt32] = []
    private var free: [UInt32] = []

    /// A slot for a session that is about to begin.
    mutating func reserve() -> SessionKey {
        if let slot = free.popLast() { return SessionKey(slot: slot, generation: generations[Int(slot)]) }
        transports.append(nil)
        generations.append(0)
        return SessionKey(slot: UInt32(transports.count - 1), generation: 0)
    }

    mutating func fill(_ key: SessionKey, with transport: any Transport) {
        transports[Int(key.slot)] = transport
    }

    /// The session is over; its key will not be used again.
    mutating func release(_ key: SessionKey) {
        guard transport(of: key) != nil else { return }
        transports[Int(key.slot)] = nil
        generations[Int(key.slot)] &+= 1
        free.append(key.slot)
    }

    func transport(of key: SessionKey) -> (any Transport)? {
        let slot = Int(key.slot)
        guard slot < transports.count, generations[slot] == key.generation else { return nil }
        return transports[slot]
    }
}
