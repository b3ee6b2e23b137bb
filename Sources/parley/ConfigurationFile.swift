import Gateway
import Yams

/// The YAML file, flattened to dotted keys with the line each stands on.
enum ConfigurationFile {
    /// Reads the settings of a text. Throws for what is not a table of values.
    static func settings(of text: String, path: String) throws -> [Setting] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ConfigurationError(error.sentence(path: path))
        }
        guard let root else { return [] }
        if case .scalar(let scalar) = root, scalar.string.isEmpty { return [] }
        guard case .mapping(let mapping) = root else {
            throw ConfigurationError(
                "\(path): write a table of keys and values, such as listen: 127.0.0.1:8080")
        }
        return try flatten(mapping, under: "", path: path)
    }

    private static func flatten(_ mapping: Node.Mapping, under prefix: String, path: String) throws
        -> [Setting]
    {
        var settings: [Setting] = []
        for (keyNode, value) in mapping {
            let line = keyNode.mark?.line ?? 0
            guard let name = keyNode.string else {
                throw ConfigurationError("\(path):\(line): a key is a word.")
            }
            let key = prefix + name
            switch value {
            case .scalar(let scalar):
                settings.append(Setting(key: key, values: [scalar.string], source: .file(path, line: line)))
            case .sequence(let sequence):
                settings.append(
                    Setting(
                        key: key, values: try texts(sequence, key, path, line),
                        source: .file(path, line: line)))
            case .mapping(let inner) where inner.isEmpty:
                throw ConfigurationError(
                    "\(path):\(line): \(key) is an empty table; write its keys, or leave it out.")
            case .mapping(let inner):
                settings += try flatten(inner, under: key + ".", path: path)
            case .alias:
                throw ConfigurationError("\(path):\(line): aliases are not read; write the value out.")
            }
        }
        return settings
    }

    private static func texts(
        _ sequence: Node.Sequence, _ key: String, _ path: String, _ line: Int
    ) throws -> [String] {
        try sequence.map { node in
            guard let text = node.string else {
                throw ConfigurationError("\(path):\(line): \(key) is a list of single values.")
            }
            return text
        }
    }
}

extension YamlError {
    /// What is wrong and where, on one line.
    fileprivate func sentence(path: String) -> String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(path):\(mark.line): this is not YAML: \(problem)."
        case .duplicatedKeysInMapping(let keys, let context):
            "\(path):\(context.mark.line): a key stands here twice: \(keys.joined(separator: ", "))."
        case .reader(let problem, _, _, _):
            "\(path) is not YAML: \(problem)."
        default:
            "\(path) is not YAML."
        }
    }
}
