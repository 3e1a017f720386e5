import ArgumentParser
import TidingsCore
import TidingsStore
import TidingsStream

extension ArticleReference: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension ChangeTypeName: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }

    package static var allValueStrings: [String] { known }
}

extension ChangeClass: ExpressibleByArgument {}

extension ChangedField: ExpressibleByArgument {}
