import TLS
import TestKit
import Testing

@testable import Gateway

@Suite("What the options of TLS say")
struct TLSSettingsTests {
    private func configuration(_ variables: [String: String]) throws -> ServerConfiguration {
        let settings = try Settings(
            flags: [], environment: ["PARLEY_ARCHIVE": "memory:"].merging(variables) { $1 }, file: [])
        return try ServerConfiguration(settings, cores: 1)
    }

    private func refusal(_ variables: [String: String]) -> String {
        do {
            _ = try configuration(variables)
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    private static let pair = ["PARLEY_TLS_CERT": "a.pem", "PARLEY_TLS_KEY": "a.key"]

    @Test("without a certificate there is no TLS")
    func none() throws {
        let configuration = try configuration(["PARLEY_LISTEN": "http://127.0.0.1:8080"])
        #expect(configuration.tls == nil)
        #expect(configuration.addresses.map(\.description) == ["http://127.0.0.1:8080"])
    }

    @Test("with one, addresses are TLS unless http:// stands before them")
    func addresses() throws {
        let listen = "127.0.0.1:1,http://127.0.0.1:2,https://127.0.0.1:3,https://[::1]:4/"
        let configuration = try configuration(Self.pair.merging(["PARLEY_LISTEN": listen]) { $1 })
        #expect(
            configuration.addresses.map(\.description) == [
                "https://127.0.0.1:1", "http://127.0.0.1:2", "https://127.0.0.1:3", "https://[::1]:4",
            ])
    }

    @Test(
        "an address that is named twice is refused: chance would say what is spoken there",
        arguments: [
            "https://127.0.0.1:9,http://127.0.0.1:9", "127.0.0.1:9,127.0.0.1:9", "[::1]:9,[0:0::1]:9",
        ])
    func twice(_ listen: String) throws {
        let place = listen.contains("[") ? "[::1]:9" : "127.0.0.1:9"
        #expect(
            refusal(Self.pair.merging(["PARLEY_LISTEN": listen]) { $1 })
                == "PARLEY_LISTEN: \(place) is named twice.")
        // The kernel chooses a port for each of these.
        let free = try configuration(["PARLEY_LISTEN": "127.0.0.1:0,127.0.0.1:0"])
        #expect(free.addresses.count == 2)
    }

    @Test("https:// without a certificate is refused")
    func withoutCertificate() {
        #expect(
            refusal(["PARLEY_LISTEN": "https://127.0.0.1:8443"])
                == "PARLEY_LISTEN: https://127.0.0.1:8443 needs a certificate; give tlsCert and tlsKey.")
    }

    @Test("each certificate has its key, in order")
    func pairs() throws {
        let two = ["PARLEY_TLS_CERT": "a.pem,b.pem", "PARLEY_TLS_KEY": "a.key,b.key"]
        let certificates = try #require(try configuration(two).tls).server.certificates
        #expect(certificates.map(\.certificate) == ["a.pem", "b.pem"])
        #expect(certificates.map(\.key) == ["a.key", "b.key"])
        let missing = refusal(two.merging(["PARLEY_TLS_KEY": "a.key"]) { $1 })
        #expect(missing.hasPrefix("PARLEY_TLS_CERT: there are 2 of tlsCert and 1 of tlsKey"))
        #expect(refusal(["PARLEY_TLS_KEY": "a.key"]).hasPrefix("PARLEY_TLS_KEY: there are 0 of tlsCert"))
        #expect(refusal(["PARLEY_TLS_CERT": "", "PARLEY_TLS_KEY": ""]).contains("the names of files"))
    }

    @Test("clients' certificates and the oldest version")
    func more() throws {
        let variables = [
            "PARLEY_TLS_CLIENT_CA": "ca.pem", "PARLEY_TLS_CLIENT_CERTIFICATE": "optional",
            "PARLEY_TLS_MINIMUM_VERSION": "1.3",
        ]
        let server = try #require(try configuration(Self.pair.merging(variables) { $1 }).tls).server
        #expect(server.clients == TLSClientCheck(authorities: "ca.pem", isRequired: false))
        #expect(server.oldestVersion == .v13)
        #expect(try configuration(Self.pair).tls?.server.clients == nil)
        #expect(refusal(["PARLEY_TLS_CLIENT_CA": "ca.pem"]).contains("give tlsCert and tlsKey too"))
    }

    @Test("files that cannot be used are told with where they were named; one that has ended, as a warning")
    func files() throws {
        let authority = try TestAuthority()
        let (certificate, key) = try authority.issue("one", for: ["DNS:one"])
        let settings = try #require(
            try configuration(["PARLEY_TLS_CERT": certificate, "PARLEY_TLS_KEY": key]).tls)
        let context = try settings.context(TLSTicketKeys())
        #expect(settings.warnings(of: context, at: context.notAfter - 1).isEmpty)
        #expect(
            settings.warnings(of: context, at: context.notAfter)
                == ["the certificate in \(certificate) has expired: clients will refuse it"])
        let missing = try #require(try configuration(Self.pair).tls)
        #expect(
            throws: ConfigurationError(
                "PARLEY_TLS_CERT: The certificate in a.pem cannot be read: No such file or directory.")
        ) { try missing.check() }
    }
}
