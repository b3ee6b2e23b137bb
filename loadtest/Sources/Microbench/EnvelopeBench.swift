import ChatProtocol

/// Commands in, pushes out.
enum EnvelopeBench {
    /// A `publish` of 207 bytes becomes a command.
    static let decode = Bench(name: "decode", operations: 2_000) { operations in
        let message = Samples.command
        var sum = 0
        for _ in 0..<operations {
            var decoder = EnvelopeDecoder()
            while let line = decoder.next(in: message.span) {
                guard case .command(let envelope) = line, case .publish(let publish) = envelope.command else {
                    preconditionFailure("the sample is a publish")
                }
                sum &+= publish.body.count
            }
        }
        return sum
    }

    /// A publication with a body of 128 bytes becomes a push.
    static let encode = Bench(name: "encode", operations: 2_000) { operations in
        var publication = Samples.publication(at: 1)
        var sum = 0
        for number in 0..<operations {
            publication.position?.offset = Offset(number + 1)
            sum &+= EnvelopeEncoder.bytes(of: .publication(publication, announcesEpoch: false)).count
        }
        return sum
    }
}
