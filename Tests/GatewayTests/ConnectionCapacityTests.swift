import Testing

@testable import Gateway

@Suite("How many connections the descriptors allow")
struct ConnectionCapacityTests {
    private static func capacity(_ wanted: Int, of descriptors: Int) -> ConnectionCapacity {
        ConnectionCapacity(wanted: wanted, descriptors: descriptors, workers: 2, addresses: 1)
    }

    @Test("as many as there are, without the process's own and a reserve")
    func keepsReserve() {
        #expect(Self.capacity(0, of: 20_000).connections == 20_000 - 64 - 12)
        #expect(!Self.capacity(0, of: 20_000).isLess)
    }

    @Test("what is asked for, unless there are fewer: then that is told")
    func isBounded() {
        #expect(Self.capacity(5_000, of: 20_000).connections == 5_000)
        #expect(!Self.capacity(5_000, of: 20_000).isLess)
        #expect(Self.capacity(50_000, of: 20_000).connections == 19_924)
        #expect(Self.capacity(50_000, of: 20_000).isLess)
    }

    @Test("a process of few descriptors keeps half of them, and takes at least one connection")
    func sharesFew() {
        #expect(Self.capacity(0, of: 100).connections == 50)
        #expect(Self.capacity(0, of: 1).connections == 1)
    }
}
