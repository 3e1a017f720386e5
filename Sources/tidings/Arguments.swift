import ArgumentParser
import TidingsStore

extension ArticleReference: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
