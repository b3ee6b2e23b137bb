import Networking
import TLS
import TestKit
import Testing

@testable import Gateway

@Suite("The door of TLS")
struct SecureDoorTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    /// A gateway that speaks plain HTTP at one address and TLS at another.
    private func gateway(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws -> TestGateway {
        let (certificate, key) = try authority.issue("localhost", for: ["DNS:localhost,IP:127.0.0.1"])
        return try TestGateway {
            $0.addresses.append(ListenAddress($0.addresses[0].address, isSecure: true))
            $0.tls = TLSSettings(
                TLSServerSettings(
                    certificates: [TLSCertificateFiles(certificate: certificate, key: key)]))
            change(&$0)
        }
    }

    private func figure(_ series: String, of gateway: TestGateway) throws -> Int? {
        let connection = try TestConnection(to: gateway.address)
        try connection.request("GET", "/metrics")
        let text = String(decoding: try connection.answer().body, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
        return line.flatMap { Int($0.dropFirst(series.count + 1)) }
    }

    @Test("a request over TLS is answered, and counted")
    func answers() throws {
        let gateway = try gateway()
        let client = try SecureConnection(to: gateway.secureAddress, trusting: authority)
        let answer = try client.exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        #expect(!answer.contains("Strict-Transport-Security"))
        #expect(try figure(#"parley_tls_handshakes_total{result="done"}"#, of: gateway) == 1)
        #expect(try figure("parley_tls_resumed_total", of: gateway) == 0)
        #expect(try #require(try figure("parley_tls_certificate_not_after_seconds", of: gateway)) > 0)
        #expect(try gateway.stop() == 0)
    }

    @Test("who begins a handshake and does not end it is cut off, counted, and hurts nobody")
    func stalls() throws {
        let gateway = try gateway { $0.doors.handshakeTime = .seconds(1) }
        // In before the others are cut off: its own handshake has the same limit.
        let client = try SecureConnection(to: gateway.secureAddress, trusting: authority)
        let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        #expect(try client.exchange(request).hasPrefix("HTTP/1.1 200 "))
        let silent = try TestConnection(to: gateway.secureAddress)
        let slow = try TestConnection(to: gateway.secureAddress)
        try slow.send([22, 3, 1])
        #expect(try silent.readToEnd().isEmpty && slow.readToEnd().isEmpty)
        #expect(try client.exchange(request).hasPrefix("HTTP/1.1 200 "))
        #expect(try figure(#"parley_tls_handshakes_total{result="late"}"#, of: gateway) == 2)
        #expect(try figure(#"parley_limits_reached_total{limit="handshakeTime"}"#, of: gateway) == 2)
        #expect(try gateway.stop() == 0)
    }

    @Test("plain HTTP at the door of TLS is answered in plain HTTP; what is no TLS, with a quick end")
    func plaintext() throws {
        let gateway = try gateway()
        let plain = try TestConnection(to: gateway.secureAddress)
        try plain.request("GET", "/")
        let answer = try plain.answer()
        #expect(answer.status == 400)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("https"))
        let garbage = try TestConnection(to: gateway.secureAddress)
        try garbage.send([0, 1, 2, 3])
        #expect(try garbage.readToEnd().isEmpty)
        #expect(try figure(#"parley_tls_handshakes_total{result="plaintext"}"#, of: gateway) == 1)
        #expect(try figure(#"parley_tls_handshakes_total{result="refused"}"#, of: gateway) == 1)
        #expect(try gateway.stop() == 0)
    }

    @Test("a server that stops does not wait for handshakes")
    func stops() throws {
        let gateway = try gateway()
        let silent = try TestConnection(to: gateway.secureAddress)
        // Answered, so the connection before it was accepted or never will be.
        _ = try figure("parley_connections", of: gateway)
        #expect(try gateway.stop() == 0)
        #expect(try silent.readToEnd().isEmpty)
    }
}
