import Networking
import Time

/// One connection of the read desk, and what is under way on it.
final class Reader: PostgresLinkOwner {
    private struct Question {
        let asked: ReadDesk.Asked?
        let at: Instant
        let lost: () -> Void
    }

    let link: PostgresLink
    weak var desk: ReadDesk?
    private let name: String
    private let board: HealthBoard
    private var questions: [Int: Question] = [:]
    private var lastQuestion = 0

    init(_ name: String, _ link: PostgresLink, _ board: HealthBoard) {
        self.name = name
        self.link = link
        self.board = board
        board.waits(name, HealthBoard.notConnected)
    }

    /// How many questions are under way.
    var count: Int { questions.count }
    var isIdle: Bool { questions.isEmpty }

    /// The connection, where it may be asked now: at most `limit` questions are under way.
    func free(_ limit: Int) -> PostgresConnection? { questions.count < limit ? link.connection : nil }

    /// Asks in one transaction. `completion` hears the server's answer; what is under way when the connection
    /// goes is given back to the desk, or `lost` is called.
    func run(
        _ asked: ReadDesk.Asked?, _ statements: [(PostgresStatement, [PostgresValue])],
        completion: @escaping (Result<[PostgresRows], PostgresStoreError>) -> Void,
        lost: @escaping () -> Void = {}
    ) {
        lastQuestion += 1
        let number = lastQuestion
        questions[number] = Question(asked: asked, at: Clock.instant, lost: lost)
        link.connection!.run(statements) { [weak self] result in
            guard let self, self.questions[number] != nil else { return }
            switch result {
            case .success(let answers):
                self.questions[number] = nil
                completion(.success(answers))
            case .failure(.server(let state, let message, _)):
                self.questions[number] = nil
                completion(.failure(.failed("\(message) (\(state))")))
            case .failure: self.link.restart()
            }
        }
    }

    /// Gives up a connection whose server keeps it and says nothing.
    func checkSilence(longest: Duration) {
        guard let oldest = questions.values.map(\.at).min(), Clock.instant - oldest >= longest else { return }
        link.restart()
    }

    func stop() {
        link.stop()
        questions = [:]
    }

    func greet(
        _ connection: PostgresConnection,
        completion: @escaping (Result<Void, PostgresStoreError>) -> Void
    ) {
        Greeting.check(connection, completion: completion)
    }

    func linkOpened() {
        board.works(name)
        desk?.pump()
    }

    func linkFailed(_ error: PostgresStoreError) {
        board.failed(name, error.description, needsOperator: error.needsOperator)
    }

    func linkLost() {
        board.waits(name, "the connection to Postgres was lost and is being made again")
        let questions = questions.values
        self.questions = [:]
        for question in questions { question.lost() }
        desk?.lost(questions.compactMap(\.asked))
    }
}
