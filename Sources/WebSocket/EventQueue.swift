/// Events that wait for their reader. One chunk mostly brings one message, and that one costs no memory of
/// the queue's own.
struct EventQueue {
    private var first: WebSocketConnection.Event?
    private var rest: [WebSocketConnection.Event?] = []
    private var restStart = 0

    mutating func append(_ event: WebSocketConnection.Event) {
        if first == nil { first = event } else { rest.append(event) }
    }

    mutating func next() -> WebSocketConnection.Event? {
        guard let event = first.take() else { return nil }
        if restStart < rest.count {
            first = rest[restStart].take()
            restStart += 1
            if restStart == rest.count { (rest, restStart) = ([], 0) }
        }
        return event
    }
}
