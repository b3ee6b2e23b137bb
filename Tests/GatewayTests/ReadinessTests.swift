import ArchiveThread
import BrokerRedis
import Testing

@testable import Gateway

@Suite("Readiness: whether a publication would be stored, and every reason why not")
struct ReadinessTests {
    private static func archive(_ isHealthy: Bool, _ remarks: [String] = []) -> ArchiveHealth {
        ArchiveHealth(isHealthy: isHealthy, remarks: remarks, statistics: ArchiveMeter().statistics)
    }

    private static func readiness(
        isDraining: Bool = false, _ archive: ArchiveHealth, brokers: [BrokerStatistics] = []
    ) -> (isReady: Bool, text: String) {
        let readiness = Readiness(isDraining: isDraining, archive: archive, brokers: brokers)
        return (readiness.isReady, readiness.text)
    }

    private static let deaf =
        "Redis is not heard: stored publications of other instances come from the archive, later; typing, "
        + "rosters and ephemeral rooms stay apart"

    @Test("ready is one word, and what is weak follows it")
    func isReady() {
        #expect(Self.readiness(Self.archive(true)) == (true, "ready\n"))
        let weak = Self.readiness(Self.archive(true, ["fsync is off: turn it on", "no standby"]))
        #expect(weak == (true, "ready\nremark: fsync is off: turn it on\nremark: no standby\n"))
    }

    @Test("an archive that is away makes it not ready, a line for each reason")
    func needsTheArchive() {
        let away = Self.readiness(Self.archive(false, ["no server answers at db:5432", "fsync is off"]))
        #expect(away == (false, "not ready: no server answers at db:5432\nnot ready: fsync is off\n"))
        #expect(
            Self.readiness(Self.archive(false)) == (false, "not ready: the archive cannot be written\n"))
        let lines = Self.readiness(Self.archive(false, ["FATAL: no\nHINT: yes"]))
        #expect(lines == (false, "not ready: FATAL: no; HINT: yes\n"))
        let both = Self.readiness(isDraining: true, Self.archive(false, ["away"]))
        #expect(both == (false, "not ready: the server is stopping\nnot ready: away\n"))
    }

    @Test("one worker whose broker is deaf makes it degraded, and leaves it ready")
    func passesTheBroker() {
        var (well, bad) = (BrokerStatistics(), BrokerStatistics())
        (well.isWell, bad.isWell) = (true, false)
        (well.hasBeenWell, bad.hasBeenWell) = (true, true)
        #expect(Self.readiness(Self.archive(true), brokers: [well, well]) == (true, "ready\n"))
        let degraded = Self.readiness(Self.archive(true, ["no standby"]), brokers: [well, bad])
        #expect(degraded == (true, "ready (degraded): \(Self.deaf)\nremark: no standby\n"))
        let away = Self.readiness(Self.archive(false, ["away"]), brokers: [bad])
        #expect(away == (false, "not ready: away\nremark: \(Self.deaf)\n"))
    }

    @Test("a broker that was not heard since the start makes it not ready, with the reason")
    func needsTheBrokerOnce() {
        var broker = BrokerStatistics()
        broker.reason = "nobody listens at db:6379"
        let sentence = "Redis has not been heard since the start (nobody listens at db:6379)"
        #expect(Self.readiness(Self.archive(true), brokers: [broker]) == (false, "not ready: \(sentence)\n"))
    }
}
