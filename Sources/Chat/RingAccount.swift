/// What all rooms' rings cost together, and whose turn it is to give some back.
struct RingAccount {
    var bytes = 0
    /// The next room to look at: cold rooms give their rings back first, a room is cold when nothing happened
    /// in it since the hand came by (the clock algorithm).
    var hand = 0
}

extension Hub {
    /// Brings both accounts up to date with what came into the room.
    func account(for room: Room) {
        accountRing(of: room)
        accountHeld(of: room)
    }

    /// What one room after the other holds back has a bound as well: whoever would go beyond it gives back
    /// what is farthest, as it does at its own bound, and reads it from the archive.
    func accountHeld(of room: Room) {
        var cost = room.sequence.held.cost
        guard cost != room.countedHeldCost else { return }
        let excess = heldCost - room.countedHeldCost + cost - limits.allHeldBytes
        if excess > 0 {
            room.sequence.giveBackHeld(excess)
            cost = room.sequence.held.cost
        }
        heldCost += cost - room.countedHeldCost
        room.countedHeldCost = cost
    }

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
