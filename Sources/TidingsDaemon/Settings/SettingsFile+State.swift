import Yams

extension SettingsFile {
    /// The state folder that the settings file at the absolute path `path` names, whatever else is wrong with the file: what reads the
    /// state goes on while somebody edits the settings of the running daemon.
    /// - Throws: the problems of `state` itself, or of a file that cannot be read.
    package static func stateFolder(_ path: String, environment: [String: String]) throws(SettingsError) -> String {
        try stateFolder(in: read(path).text, file: path, environment: environment)
    }

    static func stateFolder(in text: String, file: String, environment: [String: String]) throws(SettingsError) -> String {
        let report = SettingsReport(file: file)
        let reader = SettingsReader(report: report, base: SettingsPath.parent(file), home: environment["HOME"], environment: environment)
        let entry = try stateNode(text, file: file).map { [(Node("state"), $0)] } ?? []
        let section = SettingsSection(.mapping(Node.Mapping(entry)), title: "", keys: ["state"], report: report)
        let folder = section.map(reader.stateFolder) ?? ""
        guard report.problems.isEmpty else { throw SettingsError(report.sorted) }
        return folder
    }

    /// The value of `state`; nil if there is none.
    private static func stateNode(_ text: String, file: String) throws(SettingsError) -> Node? {
        do {
            return try compose(yaml: text)?.mapping?["state"]
        } catch {
            // The mistake is most likely elsewhere: the line is YAML by itself.
            let lines = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("state:") }
            guard let line = lines.first else { return nil }
            guard lines.count == 1, let root = try? compose(yaml: String(line)) else {
                throw SettingsError([SettingsProblem(error, file: file)])
            }
            return root.mapping?["state"]
        }
    }
}
