import Chat
import Testing

@testable import Gateway

@Suite("FigureRounds: a round is done when everyone has answered it")
struct FigureRoundsTests {
    private func figures(_ connections: Int) -> WorkerFigures {
        var counters = Counters()
        counters.connections = connections
        return WorkerFigures(counters: counters, hub: HubStatistics())
    }

    @Test("with nobody to wait for it is done at once")
    func isDoneAlone() {
        var rounds = FigureRounds()
        var done: [[Int]] = []
        _ = rounds.begin(own: figures(1), expecting: 0) { done.append($0.map(\.counters.connections)) }
        #expect(done == [[1]])
    }

    @Test("its own come first, then the others' in the order of their answers, once")
    func collects() {
        var rounds = FigureRounds()
        var done: [[Int]] = []
        let round = rounds.begin(own: figures(1), expecting: 2) {
            done.append($0.map(\.counters.connections))
        }
        rounds.add(figures(3), round: round)
        #expect(done.isEmpty)
        rounds.add(figures(2), round: round)
        rounds.add(figures(9), round: round)
        #expect(done == [[1, 3, 2]])
    }

    @Test("rounds under way at once do not mix")
    func keepsRoundsApart() {
        var rounds = FigureRounds()
        var done: [[Int]] = []
        let first = rounds.begin(own: figures(1), expecting: 1) {
            done.append($0.map(\.counters.connections))
        }
        let second = rounds.begin(own: figures(2), expecting: 1) {
            done.append($0.map(\.counters.connections))
        }
        rounds.add(figures(20), round: second)
        rounds.add(figures(10), round: first)
        #expect(done == [[2, 20], [1, 10]])
    }

    @Test("the end gives every round what came, and later answers nobody")
    func ends() {
        var rounds = FigureRounds()
        var done: [[Int]] = []
        let first = rounds.begin(own: figures(1), expecting: 2) {
            done.append($0.map(\.counters.connections))
        }
        _ = rounds.begin(own: figures(2), expecting: 1) { done.append($0.map(\.counters.connections)) }
        rounds.add(figures(10), round: first)
        rounds.end()
        #expect(done == [[1, 10], [2]])
        rounds.add(figures(20), round: first)
        rounds.end()
        #expect(done.count == 2)
    }
}
