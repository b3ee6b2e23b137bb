/// Where a transcript is played: the cores alone, or a live server.
package protocol TranscriptStage: AnyObject {
    /// Sends a frame on the client's connection, which is opened first if there is none.
    func send(_ text: String, by client: Int) throws
    /// The next thing the server says to the client; nil when it says nothing.
    func next(for client: Int) throws -> TranscriptArrival?
    /// Drops the client's connection.
    func disconnect(_ client: Int) throws
    /// Lets the client read, or not.
    func setReading(_ reads: Bool, by client: Int) throws
    /// Lets time pass.
    func advance(milliseconds: Int) throws
    /// Tells the server to stop.
    func drain(afterMs: Int) throws
    /// Whatever the server has said to the client and no step has named.
    func rest(for client: Int) throws -> [TranscriptArrival]
}

/// What a server says.
package enum TranscriptArrival: Equatable, Sendable {
    /// One line of a frame.
    case message(JSONValue)
    /// A close frame.
    case closed(code: Int, reason: JSONValue?)
}

/// Plays transcripts.
///
/// A string `"$name"` in what the server says stands for a value that is not known before: the first time it
/// takes any value, later the same one, also where a client sends it. `"$_"` is any value, every time.
/// Consecutive steps of what the server says to one client may come true in any order, as replies and pushes
/// may.
package struct TranscriptPlayer {
    private let stage: any TranscriptStage
    private var known: [String: JSONValue] = [:]

    /// What a step said and what came instead.
    package struct Mismatch: Error, CustomStringConvertible {
        package let description: String
    }

    /// A player on that stage.
    package init(on stage: any TranscriptStage) { self.stage = stage }

    /// Plays all of it. Throws at the first thing that is not as it stands there.
    package mutating func play(_ transcript: Transcript) throws {
        var place = 0
        var clients: Set<Int> = []
        while place < transcript.steps.count {
            switch transcript.steps[place] {
            case .send(let client, let text):
                clients.insert(client)
                try stage.send(filledIn(text), by: client)
            case .expect(let client, _):
                let patterns = transcript.steps[place...].prefix { step in
                    if case .expect(client, _) = step { true } else { false }
                }
                try meet(
                    patterns.map { if case .expect(_, let pattern) = $0 { pattern } else { .null } }, client,
                    place)
                place += patterns.count - 1
            case .closed(let client, let code, let reason): try meetClose(client, code, reason, place)
            case .disconnect(let client): try stage.disconnect(client)
            case .reads(let client, let reads): try stage.setReading(reads, by: client)
            case .advance(let milliseconds): try stage.advance(milliseconds: milliseconds)
            case .drain(let afterMs): try stage.drain(afterMs: afterMs)
            }
            place += 1
        }
        for client in clients.sorted() {
            let rest = try stage.rest(for: client)
            guard rest.isEmpty else { throw Mismatch(description: "client \(client) also heard \(rest)") }
        }
    }

    private mutating func meet(_ patterns: [JSONValue], _ client: Int, _ place: Int) throws {
        var open = patterns
        while !open.isEmpty {
            let arrival = try stage.next(for: client)
            guard case .message(let message)? = arrival,
                let met = open.firstIndex(where: { fits(message, $0) })
            else {
                throw Mismatch(
                    description:
                        "step \(place): client \(client) heard \(arrival.map { "\($0)" } ?? "nothing"), not "
                        + open.map(\.description).joined(separator: " nor "))
            }
            _ = bind(message, open.remove(at: met), &known)
        }
    }

    private mutating func meetClose(_ client: Int, _ code: Int, _ reason: JSONValue?, _ place: Int) throws {
        let arrival = try stage.next(for: client)
        guard case .closed(code, let said)? = arrival, reason.map({ bind(said ?? .null, $0, &known) }) ?? true
        else {
            let heard = arrival.map { "\($0)" } ?? "nothing"
            let wanted = "close \(code) \(reason.map(\.description) ?? "")"
            throw Mismatch(description: "step \(place): client \(client) heard \(heard), not \(wanted)")
        }
    }

    private func fits(_ value: JSONValue, _ pattern: JSONValue) -> Bool {
        var trial = known
        return bind(value, pattern, &trial)
    }

    private func bind(_ value: JSONValue, _ pattern: JSONValue, _ known: inout [String: JSONValue]) -> Bool {
        switch (pattern, value) {
        case (.string("$_"), _): return true
        case (.string(let name), _) where name.hasPrefix("$"):
            if let earlier = known[name] { return earlier == value }
            known[name] = value
            return true
        case (.object(let patterns), .object(let values)):
            guard patterns.count == values.count else { return false }
            return patterns.sorted { $0.key < $1.key }.allSatisfy { name, pattern in
                values[name].map { bind($0, pattern, &known) } ?? false
            }
        case (.array(let patterns), .array(let values)):
            return patterns.count == values.count
                && zip(values, patterns).allSatisfy { bind($0, $1, &known) }
        default: return pattern == value
        }
    }

    private func filledIn(_ text: String) -> String {
        known.reduce(text) { $0.replacing("\"\($1.key)\"", with: $1.value.description) }
    }
}
