import Chat
import ChatProtocol
import TestKit
import Time

/// When things go wrong: breaks, silence, outages, crashes and changes of the history, by the profile.
final class Weather {
    private unowned let world: Simulator
    private static let interval = 100_000

    init(world: Simulator) { self.world = world }

    /// From now on, every tenth of a second, something may happen.
    func begin() {
        if world.faults.historyChanges { planChanges() }
        goOn()
    }

    private func goOn() {
        world.after(microseconds: Self.interval) { [self] in
            guard world.isStormy else { return }
            strike()
            goOn()
        }
    }

    /// Everything is repaired, and everybody wakes up.
    func end() {
        world.note(60, 0, "the storm is over")
        world.faults = .none
        world.archive.isAway = false
        world.broker.heal()
        for process in world.processes where !process.isUp { process.start() }
        for client in world.clients { client.isSlow = false }
    }

    private func strike() {
        let faults = world.faults
        if world.random.chance(faults.breaksPerSecond / 10) {
            world.random.element(of: world.clients).connection?.cut()
        }
        if world.random.chance(faults.slowness) { slowDown() }
        if faults.deafness, world.random.chance(0.03) { deafen() }
        if faults.brokerOutages, world.random.chance(0.01) { takeBrokerAway() }
        if world.random.chance(faults.subscriptionsLost) { loseSubscription() }
        if faults.outages, world.random.chance(0.01) { takeArchiveAway() }
        if faults.crashes, world.random.chance(0.03) { crash() }
    }

    private func slowDown() {
        let client = world.random.element(of: world.clients)
        client.isSlow = true
        world.note(61, client.number, "\(client) reads slowly")
        world.after(microseconds: world.random.number(in: 500_000...15_000_000)) { client.isSlow = false }
    }

    private func deafen() {
        let hub = world.random.element(of: world.hubs)
        let until = world.clock.now + .milliseconds(world.random.number(in: 100...5_000))
        hub.link?.deafen(until: until, notice: 300_000...2_500_000)
    }

    private func takeBrokerAway() {
        guard !world.broker.isDown else { return }
        world.note(67, 0, "the broker is down")
        world.broker.goDown(until: world.clock.now + .milliseconds(world.random.number(in: 500...9_000)))
    }

    private func loseSubscription() {
        let hub = world.random.element(of: world.hubs)
        hub.link?.lose(world.random.element(of: world.storedRooms).key)
    }

    private func takeArchiveAway() {
        guard !world.archive.isAway else { return }
        world.archive.isAway = true
        world.note(63, 0, "the archive is away")
        world.after(microseconds: world.random.number(in: 200_000...6_000_000)) { [self] in
            world.archive.isAway = false
            world.note(64, 0, "the archive is back")
        }
    }

    private func crash() {
        let process = world.random.element(of: world.processes)
        guard process.isUp else { return }
        world.statistics.crashes += 1
        if world.random.chance(0.3) { process.drain() } else { process.crash() }
        restart(
            process, after: world.random.number(in: 50_000...4_000_000), incarnation: process.incarnation)
    }

    /// A drained process takes its time to stop.
    private func restart(_ process: SimulatedProcess, after microseconds: Int, incarnation: Int) {
        world.after(microseconds: microseconds) { [self] in
            guard process.incarnation == incarnation else { return }
            process.isUp ? restart(process, after: 500_000, incarnation: incarnation) : process.start()
        }
    }

    /// Retention every few seconds; once a backup, and once or twice it is put back.
    private func planChanges() {
        for second in 1..<20 {
            world.after(microseconds: second * 1_000_000 + world.random.below(900_000)) { [self] in
                guard world.isStormy else { return }
                if world.random.chance(0.3) { trim() }
            }
        }
        for second in [4, 12] {
            let backup = second * 1_000_000 + world.random.below(2_000_000)
            world.after(microseconds: backup) { [self] in world.archive.backUp() }
            world.after(microseconds: backup + world.random.number(in: 1...4_000_000)) { [self] in
                world.note(65, 0, "the archive is put back to a backup")
                world.archive.restore()
            }
        }
    }

    private func trim() {
        let room = world.random.element(of: world.storedRooms)
        world.note(66, 0, "\(room) is trimmed")
        world.archive.trim(room) { [self] publication in
            world.clients.contains { client in
                client.user == publication.user
                    && client.drafts.contains { $0.publish.clientID == publication.clientID }
            }
        }
    }
}
