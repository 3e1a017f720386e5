// A feed is a window: leaving it at its end is not removal, missing from its midst three times is. The feeds of the model are dated,
// newest first, and list at the top what is new.

extension Model {
    /// A whole document lists `shown`, newest first.
    mutating func moveWindow(of source: String, to shown: [Place]) {
        guard !shown.isEmpty else { return }
        let before = (sources[source]?.window ?? []).filter { !sightings[$0.sighting].isGone }
        func isShown(_ place: Place) -> Bool { shown.contains { $0.sighting == place.sighting } }
        guard before.contains(where: isShown) else {
            sources[source]?.window = shown
            // Nothing of what was there is there still: what came and went between the polls was missed.
            if !before.isEmpty { tell(ExpectedChange(type: "source.gap", source: source)) }
            return
        }
        // One item alone has no order in which another could be missing; nor has a list in which something stands elsewhere than
        // before, as what left at the end does that came back at the top under another id.
        let stayed = before.filter(isShown).map(\.sighting)
        let hasOrder = shown.count > 1 && stayed == shown.map(\.sighting).filter { stayed.contains($0) }
        let suspects = !hasOrder ? [] : before.filter { !isShown($0) }.compactMap { suspect($0, before, shown) }
        let isProved = { (place: Place) in (place.absences ?? 0) >= 3 }
        sources[source]?.window = (shown + suspects.filter { !isProved($0) }).sorted { $0.date > $1.date }
        for place in suspects.sorted(by: { $0.date > $1.date }) where isProved(place) { remove(place.sighting, .inferred) }
    }

    /// `place`, which is missing in `shown`, if it may have been removed.
    private func suspect(_ place: Place, _ before: [Place], _ shown: [Place]) -> Place? {
        func wasThere(_ other: Place) -> Bool { before.contains { $0.sighting == other.sighting } }
        let older = shown.filter { $0.date < place.date }
        // What stands in its place now must be what stood behind it. What nothing follows has left at the end.
        guard let next = older.first, wasThere(next) else { return nil }
        if place.absences == nil {
            let went = before.count { known in known.absences == nil && !shown.contains { $0.sighting == known.sighting } }
            let last = shown.lastIndex(where: wasThere) ?? 0
            let came = shown.prefix(last + 1).count { !wasThere($0) }
            // As many came as went: the one before the last may only have been pushed out before an item that is pinned.
            guard older.count >= (came >= went ? 2 : 1) else { return nil }
        }
        // Something newer stands before it, or it is newer than all that is shown and cannot have been pushed out.
        var suspect = place
        suspect.absences = (place.absences ?? 0) + 1
        return suspect
    }
}
