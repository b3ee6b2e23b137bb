import Glibc
import Testing

@testable import Networking

@Suite("Descriptors")
struct DescriptorTests {
    @Test("a descriptor is closed when told, and at the latest when it goes out of scope")
    func closes() {
        let first = open("/dev/null", O_RDONLY)
        var descriptor = Descriptor(first)
        #expect(fcntl(first, F_GETFD) >= 0)
        descriptor.close()
        #expect(descriptor.number == -1)
        let pipe = closedPipe()
        // The other end says that ours has gone.
        var byte: UInt8 = 0
        #expect(read(pipe, &byte, 1) == 0)
        close(pipe)
    }

    /// A pipe's reading end whose writing end went out of scope here.
    private func closedPipe() -> Int32 {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        _ = Descriptor(ends[1])
        return ends[0]
    }
}
