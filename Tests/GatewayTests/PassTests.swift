import Networking
import Testing
import Time

@testable import Gateway

@Suite("A pass is counted until it is let go of")
struct PassTests {
    private static let now = Instant(nanoseconds: 1_000_000_000)
    private static let group = AddressGroup(SocketAddress(high: 0, low: 1, isIPv6: false, port: 0))

    private static func turnstile() -> Turnstile {
        var limits = DoorLimits()
        limits.connectionsPerAddress = 1
        return Turnstile(limits, capacity: 10)
    }

    @Test("letting go gives both places back, the process's and the address's")
    func leaves() {
        let turnstile = Self.turnstile()
        do {
            #expect(turnstile.enter(Self.group, at: Self.now) == nil)
            let pass = Pass(turnstile, Self.group)
            withExtendedLifetime(pass) {
                #expect(turnstile.enter(Self.group, at: Self.now)?.limit == .connectionsPerAddress)
            }
        }
        #expect(turnstile.connections == 0 && turnstile.remembered == 0)
    }

    @Test("whose it is may be known later, and is known once")
    func joins() {
        let turnstile = Self.turnstile()
        _ = turnstile.enter(nil, at: Self.now)
        _ = turnstile.enter(nil, at: Self.now)
        var first: Pass? = Pass(turnstile, nil)
        let second = Pass(turnstile, nil)
        #expect(first?.join(nil, at: Self.now) == nil && first?.group == nil)
        #expect(first?.join(Self.group, at: Self.now) == nil && first?.group == Self.group)
        #expect(first?.join(Self.group, at: Self.now) == nil)
        #expect(second.join(Self.group, at: Self.now)?.limit == .connectionsPerAddress)
        #expect(second.group == nil)
        first = nil
        #expect(second.join(Self.group, at: Self.now) == nil)
    }

    @Test("a handshake makes a proxy's connection its client's; a trial or a refusal does not")
    func shakesHands() {
        let turnstile = Self.turnstile()
        _ = turnstile.enter(nil, at: Self.now)
        _ = turnstile.enter(nil, at: Self.now)
        let (first, second) = (Pass(turnstile, nil), Pass(turnstile, nil))
        #expect(first.handshake(of: Self.group, isTrial: true, at: Self.now) == nil && first.group == nil)
        #expect(first.handshake(of: Self.group, isTrial: false, at: Self.now) == nil)
        #expect(first.group == Self.group)
        let refusal = second.handshake(of: Self.group, isTrial: false, at: Self.now)
        #expect(refusal?.limit == .connectionsPerAddress && second.group == nil)
    }
}
