/// The step between a PROXY header and the first request: TLS, where the listener speaks it.
extension Reception {
    /// Whose connection it is, is known now; `arrival.early` came already.
    func secure(_ arrival: Arrival) {
        guard arrival.isTLS else { return greet(arrival) }
        var plain = arrival
        plain.early = []
        secureDoor.begin(arrival.socket, arrival.id, receiving: arrival.early.span) { [unowned self] in
            greet(plain)
        }
    }
}
