import ArchiveThread
import Testing

@testable import ArchivePostgres

@Suite("The archive's condition")
struct PostgresConditionTests {
    private final class Log: @unchecked Sendable { var events: [ArchiveEvent] = [] }

    @Test("an outage is reported once, whatever it takes down, and its end once")
    func reportsOnce() {
        let (condition, log) = (PostgresCondition(), Log())
        let board = HealthBoard(condition) { log.events.append($0) }
        board.failed("lane 1", "gone")
        board.failed("lane 2", "gone")
        board.failed("lane 1", "still gone")
        #expect(log.events == [.cannotWrite(reason: "gone")])
        board.works("lane 1")
        #expect(!condition.isHealthy && log.events.count == 1)
        board.works("lane 2")
        #expect(condition.isHealthy && log.events.last == .writesAgain && log.events.count == 2)
        board.works("lane 2")
        #expect(log.events.count == 2)
    }

    @Test("what an operator must mend is told during an outage too, each sentence once")
    func tellsOperators() {
        let log = Log()
        let board = HealthBoard(PostgresCondition()) { log.events.append($0) }
        board.failed("sweep", "gone")
        board.failed("sweep", "mend this", needsOperator: true)
        board.failed("sweep", "mend this", needsOperator: true)
        #expect(log.events == [.cannotWrite(reason: "gone"), .cannotWrite(reason: "mend this")])
    }

    @Test("waiting is unhealthy, told only while nothing worse is, and no event")
    func waitsQuietly() {
        let (condition, log) = (PostgresCondition(), Log())
        let board = HealthBoard(condition) { log.events.append($0) }
        #expect(!condition.isHealthy)
        board.waits("lane 1", "soon")
        #expect(condition.remarks == ["soon"])
        board.failed("sweep", "gone")
        #expect(condition.remarks == ["gone"])
        board.works("sweep")
        board.works("lane 1")
        #expect(condition.isHealthy && log.events == [.cannotWrite(reason: "gone"), .writesAgain])
        board.weak(["weak"])
        #expect(condition.isHealthy && condition.remarks == ["weak"])
    }
}
