import Glibc
import Testing

@testable import Networking

@Suite("System calls")
struct SystemCallTests {
    @Test("EINTR is repeated, EAGAIN is not an error, all else is one")
    func decides() throws {
        var codes = [EINTR, EINTR, EAGAIN]
        let result = try systemCall("read") {
            errno = codes.removeFirst()
            return -1
        }
        guard case .wouldBlock = result else { throw SystemError("read", 0) }
        #expect(codes.isEmpty)
        guard case .done(7) = try systemCall("read", { 7 }) else { throw SystemError("read", 0) }
        let error = #expect(throws: SystemError.self) {
            _ = try systemCall("read") {
                errno = ECONNRESET
                return -1
            }
        }
        #expect(error == SystemError("read", ECONNRESET))
    }

    @Test("for a call that never blocks EAGAIN is an error, and EINTR is repeated")
    func checks() throws {
        var codes = [EINTR, EAGAIN]
        let error = #expect(throws: SystemError.self) {
            try checkedCall("pthread_create") {
                errno = codes.removeFirst()
                return -1
            }
        }
        #expect(error?.code == EAGAIN)
        #expect(try checkedCall("socket") { 3 } == 3)
    }

    @Test("the description names the call and the reason")
    func describes() {
        #expect(SystemError("bind", EADDRINUSE).description == "bind: Address already in use")
        #expect(SystemError("accept4", EMFILE).isOutOfDescriptors)
        #expect(!SystemError("accept4", ECONNABORTED).isOutOfDescriptors)
    }
}
