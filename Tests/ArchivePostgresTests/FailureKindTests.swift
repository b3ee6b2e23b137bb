import Testing

@testable import ArchivePostgres

@Suite("What an SQLSTATE says of a batch")
struct FailureKindTests {
    @Test(
        "values, constraints and nesting concern one draft; the server's own troubles all of them",
        arguments: [
            ("22P02", FailureKind.draft), ("22021", .draft), ("23505", .draft), ("23514", .draft),
            ("54001", .draft), ("55P03", .locked), ("40P01", .contention), ("40001", .contention),
            ("25006", .readOnly), ("08006", .trouble), ("53100", .trouble), ("53300", .trouble),
            ("55000", .trouble), ("57P01", .trouble), ("57014", .trouble), ("42P01", .trouble),
            ("25P02", .trouble), ("XX000", .trouble), ("", .trouble),
        ])
    func classifies(_ state: String, _ kind: FailureKind) { #expect(FailureKind(sqlState: state) == kind) }
}
