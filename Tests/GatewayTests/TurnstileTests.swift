import Networking
import Testing
import Time

@testable import Gateway

@Suite("The turnstile: who is in, and how fast they come")
struct TurnstileTests {
    private static let now = Instant(nanoseconds: 1_000_000_000_000)

    private static func group(_ number: Int) -> AddressGroup {
        AddressGroup(SocketAddress(high: 0, low: UInt64(number), isIPv6: false, port: 0))
    }

    private static func turnstile(
        capacity: Int = 100, _ change: (inout DoorLimits) -> Void = { _ in }
    ) -> Turnstile {
        var limits = DoorLimits()
        change(&limits)
        return Turnstile(limits, capacity: capacity)
    }

    @Test("the process takes so many connections, and again one when one has gone")
    func countsProcess() {
        let turnstile = Self.turnstile(capacity: 2)
        #expect(turnstile.enter(Self.group(1), at: Self.now) == nil)
        #expect(turnstile.enter(nil, at: Self.now) == nil)
        #expect(turnstile.enter(Self.group(2), at: Self.now)?.limit == .connections)
        turnstile.leave(nil)
        #expect(turnstile.enter(Self.group(2), at: Self.now) == nil)
        #expect(turnstile.connections == 2)
    }

    @Test("an address has so many, its neighbour as many; who is refused takes no room; 0 is any number")
    func countsAddresses() {
        let turnstile = Self.turnstile { $0.connectionsPerAddress = 2 }
        for _ in 0..<2 { #expect(turnstile.enter(Self.group(1), at: Self.now) == nil) }
        #expect(turnstile.enter(Self.group(1), at: Self.now)?.limit == .connectionsPerAddress)
        #expect(turnstile.join(Self.group(1), at: Self.now)?.limit == .connectionsPerAddress)
        #expect(turnstile.enter(Self.group(2), at: Self.now) == nil)
        #expect(turnstile.connections == 3)
        turnstile.leave(Self.group(1))
        #expect(turnstile.enter(Self.group(1), at: Self.now) == nil)
        let open = Self.turnstile { $0.connectionsPerAddress = 0 }
        for _ in 0..<100 { #expect(open.enter(Self.group(1), at: Self.now) == nil) }
    }

    @Test("handshakes of an address, then of everybody; a refused one costs nobody a token")
    func countsHandshakes() {
        let turnstile = Self.turnstile {
            $0.handshakesPerAddress = 1
            $0.handshakeAddressBurst = 2
            $0.handshakesPerSecond = 1
            $0.handshakeBurst = 3
        }
        func handshake(_ number: Int, at now: Instant) -> DoorLimit? {
            let group = Self.group(number)
            return turnstile.handshake(of: group, isJoining: false, isTrial: false, at: now)?.limit
        }
        for number in 1...4 { #expect(turnstile.enter(Self.group(number), at: Self.now) == nil) }
        #expect(handshake(1, at: Self.now) == nil)
        #expect(handshake(1, at: Self.now) == nil)
        for _ in 0..<10 { #expect(handshake(1, at: Self.now) == .handshakesPerAddress) }
        #expect(handshake(2, at: Self.now) == nil)
        for _ in 0..<10 { #expect(handshake(3, at: Self.now) == .handshakes) }
        // Not a token of address 3 was taken while everybody's were used up.
        let later = Self.now + .seconds(3)
        #expect(handshake(3, at: later) == nil)
        #expect(handshake(3, at: later) == nil)
        #expect(handshake(3, at: later) == .handshakesPerAddress)
        // A proxy itself is of no address: only everybody's bucket counts.
        #expect(
            turnstile.handshake(of: nil, isJoining: true, isTrial: false, at: later) == nil)
        #expect(
            turnstile.handshake(of: nil, isJoining: true, isTrial: false, at: later)?.limit == .handshakes)
    }

    @Test("a trial tells what would be and changes nothing")
    func tries() {
        let turnstile = Self.turnstile {
            $0.handshakesPerAddress = 1
            $0.handshakeAddressBurst = 1
        }
        let group = Self.group(1)
        for _ in 0..<5 {
            #expect(turnstile.handshake(of: group, isJoining: true, isTrial: true, at: Self.now) == nil)
        }
        #expect(turnstile.remembered == 0)
        #expect(turnstile.handshake(of: group, isJoining: true, isTrial: false, at: Self.now) == nil)
        let refusal = turnstile.handshake(of: group, isJoining: false, isTrial: true, at: Self.now)
        #expect(refusal?.limit == .handshakesPerAddress)
    }

    @Test("a connection of a proxy is its client's from the handshake on")
    func joinsAtHandshake() {
        let turnstile = Self.turnstile { $0.connectionsPerAddress = 1 }
        for _ in 0..<3 { #expect(turnstile.enter(nil, at: Self.now) == nil) }
        let group = Self.group(1)
        #expect(turnstile.handshake(of: group, isJoining: true, isTrial: false, at: Self.now) == nil)
        let refusal = turnstile.handshake(of: group, isJoining: true, isTrial: false, at: Self.now)
        #expect(refusal?.limit == .connectionsPerAddress)
    }

    @Test("those refused together do not come back together, and no sooner than it is of use")
    func spreads() {
        let turnstile = Self.turnstile {
            $0.handshakesPerSecond = 1
            $0.handshakeBurst = 1
        }
        _ = turnstile.handshake(of: nil, isJoining: false, isTrial: false, at: Self.now)
        let seconds = (0..<20).compactMap { _ in
            turnstile.handshake(of: nil, isJoining: false, isTrial: false, at: Self.now)?.retryAfterSeconds
        }
        #expect(seconds.count == 20)
        #expect(Set(seconds) == [1, 2, 3, 4, 5])
    }

    @Test("a refusal is news once a minute, each kind for itself")
    func tellsNews() {
        let turnstile = Self.turnstile(capacity: 1) { $0.connectionsPerAddress = 1 }
        #expect(turnstile.enter(Self.group(1), at: Self.now) == nil)
        #expect(turnstile.enter(nil, at: Self.now)?.isNews == true)
        #expect(turnstile.enter(nil, at: Self.now + .seconds(59))?.isNews == false)
        #expect(turnstile.join(Self.group(1), at: Self.now + .seconds(59))?.isNews == true)
        #expect(turnstile.enter(nil, at: Self.now + .seconds(60))?.isNews == true)
        #expect(turnstile.outOfDescriptors(at: Self.now + .seconds(61)).isNews == false)
    }

    @Test("an address without connections is forgotten: at once, or when its bucket is full again")
    func forgets() {
        let turnstile = Self.turnstile()
        for number in 0..<50 {
            #expect(turnstile.enter(Self.group(number), at: Self.now) == nil)
            if number >= 25 {
                let group = Self.group(number)
                _ = turnstile.handshake(of: group, isJoining: false, isTrial: false, at: Self.now)
            }
        }
        #expect(turnstile.remembered == 50)
        for number in 0..<50 { turnstile.leave(Self.group(number)) }
        #expect(turnstile.remembered == 25 && turnstile.connections == 0)
        for _ in 0..<25 {
            _ = turnstile.enter(nil, at: Self.now + .seconds(60))
            turnstile.leave(nil)
        }
        #expect(turnstile.remembered == 0)
    }

    @Test("who comes back before is remembered: leaving does not fill a bucket")
    func remembers() {
        let turnstile = Self.turnstile {
            $0.handshakesPerAddress = 1
            $0.handshakeAddressBurst = 1
        }
        for round in 0..<3 {
            #expect(turnstile.enter(Self.group(1), at: Self.now) == nil)
            let refusal = turnstile.handshake(
                of: Self.group(1), isJoining: false, isTrial: false, at: Self.now)
            #expect(refusal?.limit == (round == 0 ? nil : .handshakesPerAddress))
            turnstile.leave(Self.group(1))
        }
    }

    @Test("a flood of ever new addresses takes no more memory than was meant")
    func isBounded() {
        let turnstile = Self.turnstile {
            $0.handshakesPerSecond = 0
            $0.handshakesPerAddress = 1
        }
        for number in 0..<(Turnstile.memory + 1_000) {
            let group = Self.group(number)
            _ = turnstile.enter(group, at: Self.now)
            _ = turnstile.handshake(of: group, isJoining: false, isTrial: false, at: Self.now)
            turnstile.leave(group)
        }
        #expect(turnstile.remembered <= Turnstile.memory)
        #expect(turnstile.connections == 0)
    }
}
