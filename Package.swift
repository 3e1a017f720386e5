// swift-tools-version: 6.2
import PackageDescription

/// Whether the parsers are built for Tests/Fuzz, see there. Nothing else is meant to be built then.
let fuzzing = Context.environment["TIDINGS_FUZZ"] != nil

// Every target of ours: Swift 6 mode (strict concurrency), each use of unsafe memory marked, warnings are errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
] + (fuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])] : [])

/// Failpoints are part of debug builds, which the tests run, and of a release build on request only. See TidingsFailpoints.
let failpoints: [SwiftSetting] =
    Context.environment["TIDINGS_WITH_FAILPOINTS"] != nil
    ? [.define("FAILPOINTS")] : [.define("FAILPOINTS", .when(configuration: .debug))]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "tidings",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // Without its traits it needs no Foundation with ICU.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // What hummingbird stands on: its channels and threads.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C libraries, made visible. Each is imported by one module only.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CNATS", pkgConfig: "libnats", providers: [.apt(["libnats-dev"])]),
        .systemLibrary(name: "CPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // Linux calls that Swift's Glibc module lacks.
        .systemLibrary(name: "CLinux"),
        .target(
            name: "CMarkup",
            // Debian keeps libxml2's headers in a folder that is not on the compiler's path.
            cSettings: [
                .unsafeFlags(["-I/usr/include/libxml2", "-Wall", "-Wextra", "-Werror"]),
                .unsafeFlags(fuzzing ? ["-fsanitize=fuzzer-no-link,address"] : []),
            ],
            linkerSettings: [.linkedLibrary("xml2"), .linkedLibrary("cmark")]),

        .target(name: "TidingsFailpoints", swiftSettings: strict + failpoints),
        .target(name: "TidingsSystem", dependencies: ["TidingsFailpoints", "CLinux"], swiftSettings: strict),
        .target(name: "TidingsCore", dependencies: [crypto], swiftSettings: strict),
        .target(name: "TidingsFormats", dependencies: ["TidingsCore", "CMarkup", yams], swiftSettings: strict),
        .target(
            name: "TidingsStore", dependencies: ["TidingsSystem", "TidingsCore", "TidingsFailpoints", "CSQLite", "CZstd"],
            swiftSettings: strict),
        .target(name: "TidingsFetch", dependencies: ["TidingsSystem", "TidingsCore", "CCurl", "CPSL"], swiftSettings: strict),
        .target(name: "TidingsWatch", dependencies: ["TidingsSystem"], swiftSettings: strict),
        .target(
            name: "TidingsStream", dependencies: ["TidingsSystem", "TidingsCore", "TidingsFailpoints"], swiftSettings: strict),
        .target(
            name: "TidingsServer",
            dependencies: ["TidingsSystem", "TidingsCore", "TidingsStore", "TidingsStream", crypto, hummingbird, logging, lifecycle] + nio,
            resources: [
                .embedInCode("Contract/events.schema.json"), .embedInCode("Contract/openapi.json"), .embedInCode("Page/Assets"),
            ], swiftSettings: strict),
        .target(
            name: "TidingsSinks",
            dependencies: [
                "TidingsSystem", "TidingsCore", "TidingsFailpoints", "TidingsFetch", "TidingsStream", crypto, logging, lifecycle,
            ],
            swiftSettings: strict),
        .target(
            name: "TidingsDaemon",
            dependencies: [
                "TidingsSystem", "TidingsCore", "TidingsFailpoints", "TidingsFormats", "TidingsStore", "TidingsFetch",
                "TidingsWatch", "TidingsStream", "TidingsServer", "TidingsSinks", logging, lifecycle, yams,
            ],
            swiftSettings: strict),
        .target(name: "TidingsNATS", dependencies: ["TidingsSystem", "TidingsCore", "TidingsFetch", "CNATS"], swiftSettings: strict),
        .executableTarget(name: "tidings-nats", dependencies: ["TidingsSystem", "TidingsCore", "TidingsNATS", argumentParser], swiftSettings: strict),
        .executableTarget(
            name: "tidings",
            dependencies: [
                "TidingsSystem", "TidingsCore", "TidingsFormats", "TidingsStore", "TidingsStream", "TidingsServer", "TidingsDaemon",
                argumentParser,
            ],
            swiftSettings: strict),

        // Measures the tidings executable beside it; see its --help.
        .executableTarget(
            name: "tidings-bench",
            dependencies: [
                "TidingsCore", "TidingsFormats", "TidingsStore", "TidingsWatch", "TestSupport", "CBenchXML", "CCurl", "CSQLite",
                argumentParser,
            ],
            path: "Tests/Bench", exclude: ["CBenchXML", "corpus-disagreements.md", "peers"], swiftSettings: strict),
        .target(
            name: "CBenchXML", path: "Tests/Bench/CBenchXML",
            cSettings: [.unsafeFlags(["-I/usr/include/libxml2", "-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("xml2")]),

        // Certificates and the server's side of TLS, for the loopback server.
        .target(
            name: "CTLS", path: "Tests/CTLS", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // Runs a program under what the unit's sandbox leaves to it.
        .executableTarget(
            name: "tidings-sandbox", path: "Tests/Sandbox", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
        .target(name: "TestSupport", dependencies: ["CTLS"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "TidingsSystemTests", dependencies: ["TidingsSystem", "TidingsFailpoints", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "TidingsCoreTests", dependencies: ["TidingsCore", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TidingsFormatsTests", dependencies: ["TidingsFormats", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TidingsStoreTests", dependencies: ["TidingsStore", "TidingsFailpoints", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "TidingsFetchTests", dependencies: ["TidingsFetch", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TidingsWatchTests", dependencies: ["TidingsSystem", "TidingsWatch", "CLinux", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TidingsStreamTests",
            dependencies: ["TidingsSystem", "TidingsStream", "TidingsFailpoints", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TidingsServerTests",
            dependencies: ["TidingsServer", "TidingsStore", "TidingsStream", "TestSupport", hummingbird, logging], swiftSettings: strict),
        .testTarget(
            name: "TidingsSinksTests",
            dependencies: ["TidingsSinks", "TidingsFetch", "TidingsStream", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TidingsNATSTests", dependencies: ["TidingsNATS", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TidingsModelTests",
            dependencies: ["TidingsCore", "TidingsStore", "TidingsStream", "TidingsFailpoints", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TidingsDaemonTests",
            // `tidings`, because these tests run the built program.
            dependencies: [
                "TidingsSystem", "TidingsFetch", "TidingsServer", "TidingsDaemon", "TestSupport", "CSQLite", logging, lifecycle, "tidings",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TidingsEndToEndTests",
            dependencies: [
                "TidingsCore", "TidingsStore", "TidingsFailpoints", "TidingsNATS", "CNATS", "TestSupport", crypto, "tidings",
                "tidings-nats", "tidings-sandbox",
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
    ]
)

if fuzzing {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/CFuzzer"),
        .executableTarget(
            name: "tidings-fuzz", dependencies: ["TidingsCore", "TidingsFormats", "CFuzzer"], path: "Tests/Fuzz",
            exclude: ["Seeds"], swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
}
