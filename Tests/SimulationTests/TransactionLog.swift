import Chat
import ChatProtocol

/// What Postgres knows of transactions: numbers given when they begin, moves noted when they commit, and for
/// a snapshot the oldest that is still open. A late commit has a low number.
struct TransactionLog {
    /// A transaction's number.
    typealias Number = Int

    private struct Move {
        let number: Number
        let heads: [RoomKey: Offset]
    }

    private var last: Number = 0
    private var open: Set<Number> = []
    private var moves: [Move] = []
    /// Moves before this one's number are forgotten.
    private(set) var movesFrom: Number = 0

    /// A transaction takes its number.
    mutating func begin() -> Number {
        last += 1
        open.insert(last)
        return last
    }

    /// It ends without having done anything.
    mutating func abort(_ number: Number) { open.remove(number) }

    /// It commits, having moved these rooms' heads.
    mutating func commit(_ number: Number, _ heads: [RoomKey: Offset]) {
        open.remove(number)
        if !heads.isEmpty { moves.append(Move(number: number, heads: heads)) }
    }

    /// Another history begins: what was noted belongs to the old one.
    mutating func forgetMoves() {
        moves = []
        movesFrom = last + 1
    }

    /// Whatever a snapshot of now cannot see has this number or a higher one.
    var next: Number { open.min() ?? last + 1 }

    /// The highest number given: no mark to sweep from, for older ones may still commit.
    var highest: Number { last }

    /// The heads of rooms moved by transactions from that number on.
    func heads(from number: Number) -> [RoomKey: Offset] {
        var heads: [RoomKey: Offset] = [:]
        for move in moves where move.number >= number {
            heads.merge(move.heads) { max($0, $1) }
        }
        return heads
    }
}
