import HTTPTypes
import Hummingbird
import Logging
import TidingsStore
import TidingsStream

/// Answers with a problem document where a route throws; with a page for a browser.
struct ProblemAnswers: RouterMiddleware {
    typealias Context = ServerContext

    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = problem(for: error, request)
            let isForPeople = AcceptedType.best(of: ["application/problem+json", "text/html"], for: request) == "text/html"
            return isForPeople
                ? .page(problem.status, ErrorView(problem: problem).document, headers: problem.headers) : Response(problem)
        }
    }

    private func problem(for error: any Error, _ request: Request) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError where error.status == .notFound && !Self.readingMethods.contains(request.method):
            return Problem(.methodNotAllowed, "this path is only read", headers: [.allow: "GET, HEAD"])
        case let error as HTTPError where error.status == .notFound:
            return Problem(.notFound, "there is no such path; /openapi.json lists those that there are")
        case let error as HTTPError: return Problem(error.status, error.body ?? error.status.reasonPhrase)
        case is CancellationError: return Problem(.serviceUnavailable, "the daemon stops; try again in some seconds")
        case let error as StoreError where error.isTransient:
            return Problem(.serviceUnavailable, "the database cannot be read just now; try again", headers: [.retryAfter: "2"])
        default:
            // What went wrong within is for the operator: it may name paths.
            logger.warning("a request failed", metadata: ["reason": "\(error)", "path": "\(request.uri.path)"])
            return Problem(.internalServerError, "the daemon could not answer; its log says why")
        }
    }

    private static let readingMethods: [HTTPRequest.Method] = [.get, .head]
}

/// Counts each request, and logs it at the level debug: without the query, which may have words that somebody looks for.
struct AccessLog: RouterMiddleware {
    typealias Context = ServerContext

    let traffic: HTTPTraffic
    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        traffic.countAnswer(response.status.code)
        logger.debug(
            "request", metadata: [
                // The rest of a hub's path is a secret.
                "method": "\(request.method)", "path": "\(request.uri.path.hasPrefix("/websub/") ? "/websub/" : request.uri.path)", "status": "\(response.status.code)",
            ])
        return response
    }
}
