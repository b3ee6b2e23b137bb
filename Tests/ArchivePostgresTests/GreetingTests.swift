import Testing

@testable import ArchivePostgres

@Suite("What a connection must find")
struct GreetingTests {
    private func judge(
        standby: Bool = false, readOnly: Bool = false, asynchronous: Bool = false, version: Int64 = 1
    ) -> PostgresStoreError? {
        let verdict = Greeting.judge(
            isStandby: standby, isReadOnly: readOnly, isAsynchronous: asynchronous, version: version)
        if case .failure(let error) = verdict { return error }
        return nil
    }

    @Test("a primary that writes, waits for its disk and has our schema is used; anything else is named")
    func judges() {
        #expect(judge() == nil)
        #expect(judge(standby: true, readOnly: true) == .standby)
        #expect(judge(readOnly: true) == .readOnly)
        #expect(judge(asynchronous: true) == .asynchronousCommit)
        #expect(judge(version: 2) == .newer(version: 2, known: 1))
        #expect(judge(version: 0) == .older(version: 0, known: 1))
    }
}
