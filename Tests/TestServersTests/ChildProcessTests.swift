import Glibc
import TestServers
import Testing

@Suite("processes of the tests")
struct ChildProcessTests {
    @Test("a process tells how it ended")
    func ends() throws {
        let process = try ChildProcess(["sh", "-c", "exit 3"], log: "/dev/null")
        #expect(process.waitForEnd(milliseconds: 10_000))
        #expect(process.status == 3 << 8)
        #expect(!ChildProcess.isRunning(process.number))
    }

    @Test("a running process can be asked for its children, and killed")
    func killed() throws {
        let process = try ChildProcess(["sh", "-c", "sleep 60; true"], log: "/dev/null")
        while process.children.isEmpty { poll(nil, 0, 5) }
        let child = process.children[0]
        #expect(ChildProcess.isRunning(child) && process.status == nil)
        process.signal(SIGKILL)
        #expect(process.waitForEnd(milliseconds: 10_000))
        #expect(process.status == SIGKILL)
        kill(child, SIGKILL)
    }

    @Test("a program that is not there is told by name")
    func missing() {
        #expect(throws: TestServerError.self) {
            try ChildProcess(["parley-no-such-program"], log: "/dev/null")
        }
    }
}
