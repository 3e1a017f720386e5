import Hummingbird
import Logging

/// The requests that anybody may make who may read the stream, and those that only the daemon's owner may make.
typealias Routes = Router<ServerContext>

/// Every path of the server. Read first.
enum ServerPaths {
    /// What reads, and changes nothing; and, if there are some, the callbacks of hubs.
    static func reading(_ state: ServerState, access: AccessRules, hubs: (any HubCallbacks)?, logger: Logger) -> Routes {
        let routes = Routes(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        routes.add(middleware: AccessLog(traffic: state.traffic, logger: logger))
        routes.add(middleware: ProblemAnswers(logger: logger))
        routes.add(middleware: AccessCheck(rules: access))
        addReading(to: routes, state)
        if let hubs { addHubRoutes(to: routes, hubs) }
        return routes
    }

    /// What reads, and what commands the daemon. For a socket that only its owner can open.
    static func owner(_ state: ServerState, control: any DaemonControl, logger: Logger) -> Routes {
        let routes = Routes(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        routes.add(middleware: AccessLog(traffic: state.traffic, logger: logger))
        routes.add(middleware: ProblemAnswers(logger: logger))
        addReading(to: routes, state)
        addControlRoutes(to: routes, control)
        return routes
    }

    private static func addReading(to routes: Routes, _ state: ServerState) {
        addChangesRoutes(to: routes, state)
        addArticleRoutes(to: routes, state)
        addSnapshotRoute(to: routes, state)
        addSearchRoute(to: routes, state)
        addStatusRoutes(to: routes, state)
        addMetricsRoutes(to: routes, state)
        addContractRoutes(to: routes)
        addPageRoutes(to: routes, state)
        addFeedRoute(to: routes, state)
    }
}
