import Testing
import TidingsCore

@testable import TidingsServer

@Suite("Metrics as text") struct MetricsTextTests {
    private func written(_ format: MetricsText.Format) -> String {
        var text = MetricsText(format)
        text.family("build", .info, "Which program this is.")
        text.sample(1, [("version", "1")])
        text.family("size_bytes", .gauge, unit: "bytes", "Size.")
        text.sample(12, [("file", "a\\b\"c\nd é")])
        text.family("changes", .counter, "Changes.")
        text.sample(3)
        text.family("state", .stateSet, "State.")
        text.sample(1, [("state", "ok")])
        text.family("wait_seconds", .histogram, unit: "seconds", "Waits.")
        var histogram = Histogram()
        for duration in [.zero, .microseconds(500), .microseconds(501), .seconds(10), .seconds(11), .seconds(-1)] as [Duration] {
            histogram.add(duration)
        }
        text.sample(histogram)
        return text.finished()
    }

    @Test("OpenMetrics has units, the bare names of counters, and an end")
    func openMetrics() {
        #expect(
            written(.openMetrics) == #"""
                # TYPE build info
                # HELP build Which program this is.
                build_info{version="1"} 1
                # TYPE size_bytes gauge
                # UNIT size_bytes bytes
                # HELP size_bytes Size.
                size_bytes{file="a\\b\"c\nd é"} 12
                # TYPE changes counter
                # HELP changes Changes.
                changes_total 3
                # TYPE state stateset
                # HELP state State.
                state{state="ok"} 1
                # TYPE wait_seconds histogram
                # UNIT wait_seconds seconds
                # HELP wait_seconds Waits.

                """# + Self.buckets + "# EOF\n")
    }

    @Test("the older format calls a counter by its whole name, and knows no information, states and units")
    func plain() {
        #expect(
            written(.plain) == #"""
                # TYPE build_info gauge
                # HELP build_info Which program this is.
                build_info{version="1"} 1
                # TYPE size_bytes gauge
                # HELP size_bytes Size.
                size_bytes{file="a\\b\"c\nd é"} 12
                # TYPE changes_total counter
                # HELP changes_total Changes.
                changes_total 3
                # TYPE state gauge
                # HELP state State.
                state{state="ok"} 1
                # TYPE wait_seconds histogram
                # HELP wait_seconds Waits.

                """# + Self.buckets)
    }

    private static let buckets = """
        wait_seconds_bucket{le="0.0005"} 3
        wait_seconds_bucket{le="0.001"} 4
        wait_seconds_bucket{le="0.0025"} 4
        wait_seconds_bucket{le="0.005"} 4
        wait_seconds_bucket{le="0.01"} 4
        wait_seconds_bucket{le="0.025"} 4
        wait_seconds_bucket{le="0.05"} 4
        wait_seconds_bucket{le="0.1"} 4
        wait_seconds_bucket{le="0.25"} 4
        wait_seconds_bucket{le="0.5"} 4
        wait_seconds_bucket{le="1.0"} 4
        wait_seconds_bucket{le="2.5"} 4
        wait_seconds_bucket{le="5.0"} 4
        wait_seconds_bucket{le="10.0"} 5
        wait_seconds_bucket{le="+Inf"} 6
        wait_seconds_count 6
        wait_seconds_sum 21.001001

        """
}
