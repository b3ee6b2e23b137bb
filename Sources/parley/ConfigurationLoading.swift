import Foundation
import Gateway

extension ConfigurationArguments {
    /// As `load`, and the files of keys can be used as they are now.
    func loadWithKeys() throws -> (settings: Settings, configuration: ServerConfiguration) {
        let loaded = try load()
        do {
            try loaded.configuration.tokens?.check()
            try loaded.configuration.tls?.check()
        } catch { throw Failure.usage(error.description) }
        return loaded
    }

    /// Everything from flags, environment and file, and what follows from it.
    func load() throws -> (settings: Settings, configuration: ServerConfiguration) {
        let environment = ProcessInfo.processInfo.environment
        do {
            var file: [Setting] = []
            if let path = config ?? environment["PARLEY_CONFIG"] {
                guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                    throw ConfigurationError(
                        """
                        The configuration file \(path) cannot be read: check that it exists, may be read, \
                        and is UTF-8.
                        """
                    )
                }
                file = try ConfigurationFile.settings(of: text, path: path)
            }
            let settings = try Settings(flags: flags, environment: environment, file: file)
            let cores = ProcessInfo.processInfo.activeProcessorCount
            return (settings, try ServerConfiguration(settings, cores: cores))
        } catch let error as ConfigurationError {
            throw Failure.usage(error.description)
        }
    }
}
