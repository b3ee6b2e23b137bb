/// How long a token holds, as an operator writes it: `30s`, `15m`, `1h`, `7d`.
struct Lifetime: Equatable {
    /// In seconds; at least 1, at most ten years.
    let seconds: Int64

    private static let longest: Int64 = 3_650 * 86_400

    /// Reads the text; nil where it is none.
    init?(_ text: String) {
        guard let unit = text.last, let factor = Self.factor(of: unit) else { return nil }
        let digits = text.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int64(digits)
        else { return nil }
        let (seconds, isTooLong) = count.multipliedReportingOverflow(by: factor)
        guard !isTooLong, (1...Self.longest).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    private static func factor(of unit: Character) -> Int64? {
        switch unit {
        case "s": 1
        case "m": 60
        case "h": 3_600
        case "d": 86_400
        default: nil
        }
    }
}
