/// What all rooms' rings cost together, and whose turn it is to give some back.
struct RingAccount {
    var bytes = 0
    /// The next room to look at: cold rooms give their rings back first, a room is cold when nothing happened
    /// in it since the hand came by (the clock algorithm).
    var hand = 0
}

extension Hub {
    /// Brings the account up to date with the room, and frees memory where all rings together cost too much.
    func accountRing(of room: Room) {
        room.isWarm = true
        ringBytes.bytes += room.sequence.ring.bytes - room.countedRingBytes
        room.countedRingBytes = room.sequence.ring.bytes
        var looked = 0
        while ringBytes.bytes > limits.allRingsBytes, looked < 2 * roomList.count {
            looked += 1
            ringBytes.hand = (ringBytes.hand + 1) % roomList.count
            let candidate = roomList[ringBytes.hand]
            if candidate.isWarm {
                candidate.isWarm = false
                continue
            }
            candidate.sequence.ring.removeAll()
            ringBytes.bytes -= candidate.countedRingBytes
            candidate.countedRingBytes = 0
        }
    }
}
