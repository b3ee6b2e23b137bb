import Testing
import WebSocket

@Suite("RFC 6455 §7.4 close codes")
struct CloseCodeTests {
    @Test("exactly the registered codes and 3000 to 4999 may travel")
    func mayTravel() {
        let registered: Set<UInt16> = [
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
        ]
        for code in UInt16.min...UInt16.max {
            let expected = registered.contains(code) || (3000...4999).contains(code)
            if CloseCode(rawValue: code).mayTravel != expected { Issue.record("\(code)") }
        }
    }
}
