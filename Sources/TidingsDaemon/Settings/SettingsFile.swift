import Glibc
import TidingsSystem

/// Finds and reads the settings file.
package enum SettingsFile {
    /// More than ten times what 10,000 sources need.
    package static let limitBytes = 16 << 20

    /// The settings file of the system's service.
    package static let systemPath = "/etc/tidings/tidings.yaml"

    /// The absolute path of the settings file: the first of `--config`, `$TIDINGS_CONFIG`, `$CONFIGURATION_DIRECTORY/tidings.yaml`
    /// (systemd.exec(5)), `./config/tidings.yaml`, `$XDG_CONFIG_HOME/tidings/tidings.yaml` (XDG Base Directory Specification 0.8)
    /// and `/etc/tidings/tidings.yaml`. The first two are used even if the file does not exist, because a person who names a file
    /// wants that file or an error. Of the others, the first that exists is used. A service's own folder comes before the working
    /// folder, so that no file that lies about there takes its place.
    /// - Throws: one problem that lists the paths, if none exists.
    package static func find(
        argument: String? = nil, environment: [String: String], workingFolder: String
    ) throws(SettingsError) -> String {
        func absolute(_ path: String) -> String { SettingsPath.absolute(path, base: workingFolder, home: nil) }
        if let argument { return absolute(argument) }
        if let named = environment["TIDINGS_CONFIG"], !named.isEmpty { return absolute(named) }
        // "If multiple directories are set, then in the environment variable the paths are concatenated with colon"
        // (systemd.exec(5), ConfigurationDirectory=).
        let configured = environment["CONFIGURATION_DIRECTORY"] ?? ""
        var places = configured.split(separator: ":").map { absolute("\($0)/tidings.yaml") }
        places.append(absolute("config/tidings.yaml"))
        if let home = baseFolder("XDG_CONFIG_HOME", or: ".config", environment) { places.append("\(home)/tidings/tidings.yaml") }
        places.append(systemPath)
        var named: Set<String> = []
        places = places.filter { named.insert($0).inserted }
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

/// A base folder of the user: that of the environment's `variable`, else `folder` below the home folder; nil without one.
func baseFolder(_ variable: String, or folder: String, _ environment: [String: String]) -> String? {
    // "All paths set in these environment variables must be absolute. If an implementation encounters a relative path […] it should
    // consider the path invalid and ignore it" (XDG Base Directory Specification 0.8).
    if let given = environment[variable], given.utf8.first == UInt8(ascii: "/") { return given }
    return environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/\(folder)" }
}
