import ChatProtocol

/// What a hub makes of an archive that no longer holds what it held: somebody put an old copy back.
extension Hub {
    /// A state of a generation before the room's: the archive was put back. It is as good as no answer until
    /// the archive has begun a generation that is later than both.
    func wentBack(_ room: Room, _ state: RoomState) -> Bool {
        guard let known = room.sequence.state, state.generation < known.generation else { return false }
        if !room.sequence.isPaused { room.sequence.pause() }
        accountHeld(of: room)
        beginGeneration(after: known.generation)
        return true
    }

    /// What the archive holds under this generation is not what it held: asked for once, of whoever asks.
    func beginGeneration(after generation: ArchiveGeneration) {
        guard doubted.map({ $0 < generation }) ?? true else { return }
        doubted = generation
        effects.append(.beginGeneration(after: generation))
    }
}
