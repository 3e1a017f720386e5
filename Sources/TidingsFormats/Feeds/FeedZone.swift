import Foundation
import TidingsCore

/// A zone that a date names.
enum FeedZone: Equatable {
    /// Minutes ahead of UTC.
    case fixed(Int)
    /// A region of the IANA time zone database, whose offset depends on the date.
    case region(String)
    /// A name of the region's time while it is so many minutes ahead of UTC, and of another zone elsewhere.
    case regionOnly(String, minutes: Int)
    /// Several zones have this name.
    case ambiguous

    /// The instant at which clocks in the zone show this local time, in milliseconds since 1970; nil if it is unknown: the
    /// name means several zones, or no known region, or the clocks show the time twice in that night, or never.
    func milliseconds(ofLocal local: Int64) -> Int64? {
        switch self {
        case .fixed(let minutes): return local - Int64(minutes) * 60_000
        case .region(let name): return Self.milliseconds(ofLocal: local, in: name)
        case .regionOnly(let name, let minutes):
            let instant = Self.milliseconds(ofLocal: local, in: name)
            return instant == local - Int64(minutes) * 60_000 ? instant : nil
        case .ambiguous: return nil
        }
    }

    private static func milliseconds(ofLocal local: Int64, in region: String) -> Int64? {
        guard let zone = zone(named: region) else { return nil }
        func offset(at milliseconds: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1000))) * 1000
        }
        // Offsets change by a few hours at most, and not twice within two days.
        let candidates = Set([offset(at: local - dayMilliseconds), offset(at: local + dayMilliseconds)])
        let instants = candidates.map { local - $0 }.filter { $0 + offset(at: $0) == local }
        return instants.count == 1 ? instants[0] : nil
    }

    private static func zone(named region: String) -> TimeZone? {
        if let zone = TimeZone(identifier: region) { return zone }
        // Names are compared without regard to case (RFC 6557, the database's theory file).
        let wanted = region.lowercased()
        return TimeZone.knownTimeZoneIdentifiers.first { $0.lowercased() == wanted }.flatMap { TimeZone(identifier: $0) }
    }

    /// The zone that an abbreviation means, in lowercase; nil if it is unknown (RFC 822 §5.1, and the names that writers use in
    /// spite of it). One-letter zones other than Z are unknown, because RFC 822 had their signs wrong (RFC 5322 §4.3).
    static func named(_ word: String) -> FeedZone? { named[word] }

    /// The areas of the IANA time zone database, in lowercase.
    static let areas: Set<String> = [
        "africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "brazil", "canada", "chile", "etc", "europe",
        "indian", "mexico", "pacific", "us",
    ]

    /// Words of the full names of zones.
    static let words: Set<String> = [
        "time", "standard", "daylight", "summer", "eastern", "central", "mountain", "pacific", "atlantic", "alaska", "hawaii",
    ]

    private static let named: [String: FeedZone] = {
        let fixed = [
            "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120,
            "mest": 120, "mesz": 120, "eet": 120, "sast": 120, "eest": 180, "msd": 240, "trt": 180, "gst": 240, "pkt": 300,
            "uzt": 300, "wib": 420, "ict": 420, "hkt": 480, "sgt": 480, "awst": 480, "pht": 480,
            "jst": 540, "kst": 540, "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780,
            "nst": -210, "ndt": -150, "brt": -180, "art": -180, "adt": -180, "est": -300,
            "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
            "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
        ]
        var zones = fixed.mapValues(FeedZone.fixed)
        // Names that do not change with the clocks, and zones whose offset has changed.
        zones["at"] = .region("America/Halifax")
        zones["et"] = .region("America/New_York")
        zones["ct"] = .region("America/Chicago")
        zones["mt"] = .region("America/Denver")
        zones["pt"] = .region("America/Los_Angeles")
        zones["almt"] = .region("Asia/Almaty")
        zones["msk"] = .region("Europe/Moscow")
        zones["мск"] = .region("Europe/Moscow")
        // Bangladesh has this name too, but not an hour from the meridian in summer.
        zones["bst"] = .regionOnly("Europe/London", minutes: 60)
        // India, Ireland, Israel; the Atlantic coast, Arabia.
        zones["ist"] = .ambiguous
        zones["ast"] = .ambiguous
        return zones
    }()
}
