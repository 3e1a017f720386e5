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
              curl -s https://example.org/feed | tidings parse --base-url https://example.org/feed
            """)

    @Option(help: ArgumentHelp("The settings file. Not read: parsing depends on nothing but the bytes.", visibility: .hidden))
    var config: String?

    @Option(help: ArgumentHelp("What a server called the bytes, with its charset.", valueName: "type"))
    var contentType: String?

    @Option(help: ArgumentHelp("What relative addresses are resolved against.", valueName: "url"))
    var baseURL: String?

    @Flag(help: "For HTML pages: show each block of the page, and why it is kept or left out.")
    var explain = false

    @Argument(help: ArgumentHelp("The files; - or none is standard input.", valueName: "file"))
    var files: [String] = []

    func run() throws {
        var hasFailed = false
        for file in files.isEmpty ? ["-"] : files {
            do {
                standardOutput.put(try parse(file))
            } catch let failure as Failure {
                say(failure.message)
                hasFailed = true
            }
        }
        if hasFailed { throw Failure(EX_DATAERR, "") }
    }

    private func parse(_ file: String) throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try readInput(file)
        } catch {
            throw Failure(EX_DATAERR, "\(file): \(error.message)")
        }
        if explain { return explained(bytes, file: file) }
        let name = file == "-" ? nil : file.split(separator: "/").last.map(String.init)
        do {
            let document = try readDocument(
                bytes,
                hints: DocumentHints(fileName: name, contentType: contentType, baseURL: baseURL, keepsHTML: true))
            return document.jsonFeed(file: file)
        } catch {
            throw Failure(EX_DATAERR, "\(file): \(message(for: error))")
        }
    }

    private func explained(_ bytes: [UInt8], file: String) -> [UInt8] {
        let page = ExplainedPage(bytes, contentType: contentType)
        var json = JSONWriter(capacity: 1 << 20)
        json.object { json in
            json.field("file", file)
            json.array("names", ExplainedPage.featureNames) { json, name in json.string(name) }
            json.array("page_names", ExplainedPage.pageFeatureNames) { json, name in json.string(name) }
            json.field("page", json: Array("[\(page.features.map { "\($0)" }.joined(separator: ","))]".utf8))
            json.array("blocks", page.blocks) { json, block in
                json.object { json in
                    json.field("text", block.text)
                    json.field("kept", block.isKept)
                    json.field("score", json: Array("\(block.score)".utf8))
                    json.field("features", json: Array("[\(block.features.map { $0 == $0.rounded() ? String(Int($0)) : String($0) }.joined(separator: ","))]".utf8))
                }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
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
