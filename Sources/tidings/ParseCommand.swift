import ArgumentParser
import Glibc
import TidingsCore
import TidingsFormats

struct ParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Show what Tidings sees in files, as JSON Feed 1.1.",
        discussion: """
            One document a line, with `_tidings` for what JSON Feed has no field for. Neither settings nor state are touched. \
            A file that cannot be read is named on standard error; the others follow, and the exit status is 65.

            EXAMPLES
              tidings parse feed.xml | jq .
              tidings parse articles/*.txt | jq -r '.items[].title'
              tidings parse --explain page.html | less -R
              curl -s https://example.org/feed | tidings parse --base-url https://example.org/feed
            """)

    @Option(help: ArgumentHelp("The settings file. Not read: parsing depends on nothing but the bytes.", visibility: .hidden))
    var config: String?

    @Option(help: ArgumentHelp("What a server called the bytes, with its charset.", valueName: "type"))
    var contentType: String?

    @Option(help: ArgumentHelp("What relative addresses are resolved against.", valueName: "url"))
    var baseURL: String?

    @Flag(help: "Of HTML pages, show each block, how sure it is that it is the article's, and what counted most.")
    var explain = false

    @Flag(help: "With --explain: all that is known of each block, as one JSON object a page.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "The same HTML page at an earlier look, whose decisions are kept unless they are clearly wrong.", valueName: "file"))
    var after: String?

    @Argument(help: ArgumentHelp("The files; - or none is standard input.", valueName: "file"))
    var files: [String] = []

    func validate() throws {
        if json, !explain { throw ValidationError("--json goes with --explain; without it, all output is JSON.") }
        if after != nil, files.count != 1 { throw ValidationError("--after is about one file: name one.") }
    }

    func run() throws {
        var hasFailed = false
        for file in files.isEmpty ? ["-"] : files {
            do {
                try parse(file)
            } catch let failure as Failure {
                say(failure.message)
                hasFailed = true
            }
        }
        if hasFailed { throw Failure(EX_DATAERR, "") }
    }

    private func parse(_ file: String) throws {
        let memory = try after.flatMap { try read($0, memory: nil).document.blockMemory }
        let (bytes, hints, document) = try read(file, memory: memory)
        guard explain, document.format == .html else { return standardOutput.put(document.jsonFeed(file: file)) }
        let explanation = PageExplanation(file: file, page: ExplainedPage(bytes, hints: hints))
        if json { standardOutput.put(explanation.json) } else { explanation.show() }
    }

    private func read(
        _ file: String, memory: BlockMemory?
    ) throws -> (bytes: [UInt8], hints: DocumentHints, document: ParsedDocument) {
        let bytes: [UInt8]
        do {
            bytes = try readInput(file)
        } catch {
            throw Failure(EX_DATAERR, "\(file): \(error.message)")
        }
        let name = file == "-" ? nil : file.split(separator: "/").last.map(String.init)
        let hints = DocumentHints(
            fileName: name, contentType: contentType, baseURL: baseURL, keepsHTML: true, blockMemory: memory)
        do {
            return (bytes, hints, try readDocument(bytes, hints: hints))
        } catch {
            throw Failure(EX_DATAERR, "\(file): \(message(for: error))")
        }
    }

    private func message(for reason: UnreadableDocument) -> String {
        switch reason {
        case .binary: "this is no text"
        case .undecodable(let charset): "this is in none of the charsets that could be meant; it is not \(charset)"
        case .empty: "this is empty"
        case .notAFeed(let page): "this is no feed but a \(page.message)"
        case .malformed(let message, let line): message + (line.map { ", line \($0)" } ?? "")
        case .unknownKind(let kind): "'\(kind)' is no kind of document that is known"
        }
    }
}
