/// One problem of a settings file, its position, and what to write instead.
package struct SettingsProblem: Error, Equatable, Sendable, CustomStringConvertible {
    package var file: String
    /// Line and column from 1; columns count Unicode scalars. Zero if the problem is about the file as a whole.
    package var line: Int
    package var column: Int
    /// `unknown key 'pth'`
    package var message: String
    /// `write 'path'`
    package var suggestion: String

    package init(file: String, line: Int = 0, column: Int = 0, message: String, suggestion: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.suggestion = suggestion
    }

    /// `file:line:column: what is wrong, what to write`: the form that editors jump to.
    package var description: String {
        (line > 0 ? "\(file):\(line):\(column): " : "\(file): ") + "\(message), \(suggestion)"
    }
}

/// Why the settings cannot be used: all problems, in the order of the file; at least one.
package struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    package var problems: [SettingsProblem]

    package init(_ problems: [SettingsProblem]) { self.problems = problems }

    /// One line per problem, for people.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
