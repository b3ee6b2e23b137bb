import Chat
import ChatProtocol
import TestKit
import Time

/// One process's sweep of the archive: every second, or every 50 ms while one of its hubs knows that news do
/// not reach it.
final class SimulatedSweep {
    private unowned let world: Simulator
    private unowned let process: SimulatedProcess
    private let start: Int
    /// From which transaction on the next sweep asks; nil when moves may have been missed.
    private var next: TransactionLog.Number?
    /// Of the last sweep: after a take-over nothing else may show that moves are forgotten.
    private var generation: ArchiveGeneration?
    private var plans = 0
    private var isAsking = false

    /// A sweep's answer.
    private struct Answer {
        let next: TransactionLog.Number
        let generation: ArchiveGeneration
        let moved: [RoomHead]
        let isWhole: Bool
    }

    /// The longest time from one sweep to the next.
    static let longestInterval = Duration.milliseconds(1_200)

    init(of process: SimulatedProcess, world: Simulator) {
        self.process = process
        self.world = world
        start = process.incarnation
    }

    private var isAlive: Bool { process.isUp && process.incarnation == start }

    /// The first sweep, as soon as there is a process.
    func begin() { plan(within: 100...5_000) }

    /// A hub of the process turned: the next sweep may be wanted earlier.
    func hurry() {
        if !isAsking { planNext() }
    }

    private func planNext() {
        plan(within: process.watchesClosely ? 40_000...60_000 : 800_000...1_200_000)
    }

    /// One plan at a time: the last one made.
    private func plan(within microseconds: ClosedRange<Int>) {
        plans += 1
        let plan = plans
        world.after(microseconds: world.random.number(in: microseconds)) { [self] in
            if isAlive, plans == plan { ask() }
        }
    }

    private func ask() {
        isAsking = true
        world.after(microseconds: delay()) { [self] in
            let isLost =
                world.archive.isAway
                || world.random.chance(max(world.faults.readsLost, world.faults.sweepsLost))
            let answer = isLost ? nil : look()
            world.after(microseconds: delay()) { [self] in
                guard isAlive else { return }
                isAsking = false
                take(answer)
                planNext()
            }
        }
    }

    /// One snapshot.
    private func look() -> Answer {
        let log = world.archive.log
        let present = world.archive.store.generation
        let isWhole = next.map { $0 >= log.movesFrom } ?? false && generation == present
        var mark = log.next
        if world.mutation == .sweepsFromHighest { mark = log.highest + 1 }
        return Answer(
            next: mark, generation: present,
            moved: isWhole ? world.archive.heads(moved: log.heads(from: next ?? 0)) : [],
            isWhole: isWhole)
    }

    /// Where the archive was away nobody knows what was missed.
    private func take(_ answer: Answer?) {
        next = answer?.next
        generation = answer?.generation
        guard let answer, world.mutation != .neverSweeps else { return }
        if !answer.moved.isEmpty {
            world.note(
                70, process.index, answer.moved.count, "process \(process.index) sweeps \(answer.moved)")
        }
        for hub in process.hubs {
            world.after(microseconds: world.random.number(in: 5...300)) { [self] in
                guard isAlive else { return }
                if !answer.isWhole, world.mutation != .ignoresCompare { hub.feed(.compare) }
                if !answer.moved.isEmpty { hub.feed(.moved(answer.moved)) }
            }
        }
    }

    private func delay() -> Int { world.random.number(in: 100...world.faults.archiveDelay * 1_000) }
}
