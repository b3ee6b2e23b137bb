/// A strict reader of the format, written from its description.
enum PrometheusText {
    struct Family {
        var help = ""
        var type = ""
        var samples: [Sample] = []
    }

    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Malformed: Error { let line: String }

    static func parse(_ text: String) throws -> [String: Family] {
        guard text.hasSuffix("\n") else { throw Malformed(line: "the end") }
        var families: [String: Family] = [:]
        var current = ""
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/) {
                current = String(match.1)
                guard families[current] == nil else { throw Malformed(line: String(line)) }
                families[current] = Family(help: String(match.2))
            } else if let match = line.wholeMatch(of: /# TYPE (\S+) (counter|gauge|histogram)/) {
                guard match.1 == current, families[current]?.samples.isEmpty == true else {
                    throw Malformed(line: String(line))
                }
                families[current]?.type = String(match.2)
            } else {
                let sample = try sample(line, of: current, families[current]?.type ?? "")
                families[current]?.samples.append(sample)
            }
        }
        return families
    }

    private static func sample(_ line: Substring, of family: String, _ type: String) throws -> Sample {
        let pattern = /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\\n]*)"\})? (\S+)/
        guard let match = line.wholeMatch(of: pattern), let value = Double(match.4) else {
            throw Malformed(line: String(line))
        }
        let suffixes = type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family + $0 == match.1 }) else {
            throw Malformed(line: String(line))
        }
        var labels: [String: String] = [:]
        if let name = match.2, let text = match.3 { labels[String(name)] = String(text) }
        return Sample(name: String(match.1), labels: labels, value: value)
    }
}
