import ArgumentParser
import Glibc

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidings-bench", abstract: "Measure Tidings.",
        subcommands: [MeasureCommand.self, CorpusCommand.self, PollsCommand.self, PagesCommand.self],
        defaultSubcommand: MeasureCommand.self)
}

/// Measures the roads of Tidings against the limits of what they are built on, in the same run on the same machine: what a
/// machine can do differs by the day and the disk, the ratio of the two much less. No figure makes it fail.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure Tidings against the limits of what it is built on.",
        discussion: """
            It measures the tidings executable that lies beside it, so build both first:

              swift build -c release && swift run -c release tidings-bench
              swift run -c release tidings-bench ingest --files 20000 --rounds 1

            "parse" counts the time from bytes to items with their texts; the peers beside it make no text of HTML. "feeds" serves \
            its feeds itself, from a thread that shares the processors with what it measures.

            Files made for it need about 5 kB of disk each, and their ledgers twice as much more; all of it is removed at the end.
            """)

    enum Name: String, CaseIterable, ExpressibleByArgument {
        case ingest, storage, rescan, latency, memory, start, versions, stop, snapshot, parse, feeds, search, workers, bus
    }

    @Argument(help: "What to measure; by default everything but \"workers\" and \"bus\", which need what `.ci/setup tests` installs.")
    var names: [Name] = Name.allCases.filter { ![.workers, .bus].contains($0) }

    @Option(help: "How many files of 4 kB.")
    var files = 100_000

    @Flag(help: "Measure \"ingest\" without the search index, to compare.")
    var withoutSearch = false

    @Option(help: "How often each figure and its limit are measured in turn; the median counts.")
    var rounds = 3

    @Option(help: "How many files are written to measure the latency.")
    var samples = 300

    @Option(help: "How many feeds are polled; they have 100,000 articles together.")
    var feeds = 10_000

    @Option(help: "How many articles the snapshot is of.")
    var articles = 1_000_000

    @Option(help: "How many versions are stored where the start over them is measured; 1 kB of disk each.")
    var versions = 1_000_000

    @Option(help: "The size of the document that is parsed, in MB.")
    var megabytes = 12

    @Option(help: "The Python that has feedparser-rs, fastfeedparser and reader, which are measured too where they are installed.")
    var python = "python3"

    @Option(help: "Where to make a folder for the data. Should be on the kind of disk that the state will be on.")
    var scratch: String?

    @Flag(help: "Write one JSON object per figure on standard output, and the table on standard error.")
    var json = false

    func validate() throws {
        guard [files, rounds, samples, feeds, articles, versions, megabytes].allSatisfy({ $0 > 0 }) else {
            throw ValidationError("Numbers must be at least 1.")
        }
    }

    func run() throws {
        let bench = try Workbench(below: scratch, files: files, rounds: rounds)
        defer { bench.remove() }
        bench.isSearchable = !withoutSearch
        let report = Report(output: BenchOutput(isJSON: json))
        report.begin()
        for name in Name.allCases where names.contains(name) {
            switch name {
            case .ingest: report.show(name.rawValue, try measureIngest(bench))
            case .storage: report.show(name.rawValue, try measureStorage(bench))
            case .rescan: report.show(name.rawValue, try measureRescan(bench))
            case .latency: report.show(name.rawValue, try measureLatency(bench, samples: samples))
            case .memory: report.show(name.rawValue, try measureMemory(bench))
            case .start: report.show(name.rawValue, try measureStart(bench))
            case .versions: report.show(name.rawValue, try measureVersions(bench, count: versions))
            case .stop: report.show(name.rawValue, try measureStop(bench))
            case .snapshot: report.show(name.rawValue, try measureSnapshot(bench, articles: articles))
            case .parse: report.show(name.rawValue, try measureParse(bench, bytes: megabytes * 1_000_000, python: python))
            case .search: report.show(name.rawValue, try measureSearch(bench))
            case .workers: report.show(name.rawValue, try measureWorkers(bench, feeds: feeds))
            case .bus: report.show(name.rawValue, try measureBus(bench))
            case .feeds: report.show(name.rawValue, try measureFeeds(bench, feeds: feeds, python: python))
            }
        }
    }
}
