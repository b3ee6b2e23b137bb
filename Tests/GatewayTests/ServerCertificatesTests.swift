import TLS
import TestKit
import Testing
import Time

@testable import Gateway

@Suite("The certificates in force")
struct ServerCertificatesTests {
    @Test("reading again takes a new certificate, and keeps the old one where the new is broken")
    func reload() throws {
        let authority = try TestAuthority()
        let (certificate, key) = try authority.issue("one", for: ["DNS:localhost"])
        let files = TLSCertificateFiles(certificate: certificate, key: key)
        var certificates = try ServerCertificates(TLSSettings(TLSServerSettings(certificates: [files])))
        let first = certificates.context
        try certificates.reload()
        let second = certificates.context
        #expect(second !== first)
        _ = try authority.write("broken\n", to: "one.pem")
        #expect(throws: ConfigurationError.self) { try certificates.reload() }
        #expect(certificates.context === second)
    }

    @Test("a certificate that has ended is warned of by its file")
    func warnings() throws {
        let authority = try TestAuthority()
        let (certificate, key) = try authority.issue("one", for: ["DNS:localhost"])
        let files = TLSCertificateFiles(certificate: certificate, key: key)
        let certificates = try ServerCertificates(TLSSettings(TLSServerSettings(certificates: [files])))
        let end = Int64(certificates.context.notAfter) * 1_000
        #expect(certificates.warnings(at: WallTime(milliseconds: end - 1_000)) == [])
        #expect(
            certificates.warnings(at: WallTime(milliseconds: end))
                == ["the certificate in \(certificate) has expired: clients will refuse it"])
    }
}
