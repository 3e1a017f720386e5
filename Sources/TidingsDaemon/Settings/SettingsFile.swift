import Glibc
import TidingsSystem

/// Finds and reads the settings file.
package enum SettingsFile {
    /// More than ten times what 10,000 sources need.
    package static let limitBytes = 16 << 20

    /// The absolute path of the settings file: the first of `--config`, `$TIDINGS_CONFIG`, `./config/tidings.yaml`,
    /// `$CONFIGURATION_DIRECTORY/tidings.yaml` and `/etc/tidings/tidings.yaml`. The first two are used even if the file does not
    /// exist, because a person who names a file wants that file or an error. Of the others, the first that exists is used.
    /// - Throws: one problem that lists the paths, if none exists.
    package static func find(
        argument: String? = nil, environment: [String: String], workingFolder: String
    ) throws(SettingsError) -> String {
        func absolute(_ path: String) -> String { SettingsPath.absolute(path, base: workingFolder, home: nil) }
        if let argument { return absolute(argument) }
        if let named = environment["TIDINGS_CONFIG"], !named.isEmpty { return absolute(named) }
        var places = [absolute("config/tidings.yaml")]
        // "If multiple directories are set, then in the environment variable the paths are concatenated with colon"
        // (systemd.exec(5), ConfigurationDirectory=).
        let configured = environment["CONFIGURATION_DIRECTORY"] ?? ""
        places += configured.split(separator: ":").map { absolute("\($0)/tidings.yaml") }
        places.append("/etc/tidings/tidings.yaml")
        if let found = places.first(where: { unsafe access($0, F_OK) == 0 }) { return found }
        throw SettingsError([
            SettingsProblem(
                file: "tidings.yaml", message: "no settings file; looked for \(places.joined(separator: ", "))",
                suggestion: "write one there or name it with --config")
        ])
    }

    /// Reads and checks the settings file at the absolute path `path`.
    package static func load(_ path: String, environment: [String: String]) throws(SettingsError) -> Settings {
        try Settings(yaml: read(path).text, file: path, environment: environment)
    }

    /// The settings file at the absolute path `path`, as bytes and as text.
    static func read(_ path: String) throws(SettingsError) -> (bytes: [UInt8], text: String) {
        let bytes: [UInt8]
        do {
            bytes = try readSmallFile(path, limitBytes: limitBytes)
        } catch {
            let suggestion = "check the path and who may read it"
            throw SettingsError([SettingsProblem(file: path, message: error.message, suggestion: suggestion)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let message = "the settings are not UTF-8"
            throw SettingsError([SettingsProblem(file: path, message: message, suggestion: "save the file as UTF-8")])
        }
        return (bytes, text)
    }
}
