import Networking
import Testing

@testable import Gateway

/// What the tests of the doors ask over and over again.
extension TestConnection {
    /// The value of a metric with that label, by this connection.
    func figure(_ name: String, _ label: (String, String)? = nil) throws -> Double {
        let text = try ask("GET", "/metrics").text
        let samples = try PrometheusText.parse(text)[name]?.samples ?? []
        return samples.filter { label == nil || $0.labels[label!.0] == label!.1 }.reduce(0) { $0 + $1.value }
    }

    /// How often the limit was reached, by this connection.
    func reached(_ limit: DoorLimit) throws -> Double {
        try figure("parley_limits_reached_total", ("limit", limit.rawValue))
    }

    /// Asks to become a WebSocket; other fields may come along.
    func shakeHands(_ fields: [(String, String)] = []) throws -> HTTPAnswer {
        try ask("GET", "/ws", fields: TestClient.handshake + fields)
    }

    /// The whole of an answer that came before anything was asked, and was the last.
    func refusal() throws -> HTTPAnswer {
        let answer = try answer()
        #expect(try readToEnd().isEmpty)
        return answer
    }
}

extension HTTPAnswer {
    /// It says when to come back, in so many seconds, and every page may read it.
    func expectRefusal(_ status: Int) {
        #expect(self.status == status)
        #expect((1...10).contains(self["Retry-After"].flatMap { Int($0) } ?? 0))
        #expect(self["Access-Control-Allow-Origin"] == "*")
        #expect(text.contains("come back"))
    }
}

extension ProxySettings {
    /// Believes one address.
    static func trusting(_ text: String) -> ProxySettings {
        var settings = ProxySettings()
        settings.trusted = [text].compactMap { try? AddressRange($0) }
        return settings
    }
}
