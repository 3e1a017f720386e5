import TidingsCore

/// Namespaces in XML 1.0, and what feeds make of them.
extension XMLReader {
    mutating func bind(_ attributes: [(name: Range<Int>, value: String)]) {
        for (name, value) in attributes where bytes.starts(with: "xmlns", at: name.lowerBound) {
            bindingEpoch += 1
            let rest = bytes[name].dropFirst(5)
            guard rest.isEmpty || rest.first == UInt8(ascii: ":"), bindings.count < Self.bindingLimit else { continue }
            let uri = value.trimmedOrNil ?? ""
            bindings.append(
                Binding(
                    prefix: String(decoding: rest.dropFirst(), as: UTF8.self), uri: uri, namespace: XMLNamespace(uri: uri)))
        }
    }

    /// Sets `name` and `namespaceURI` for the element that is starting.
    mutating func resolveElement(_ spelling: Range<Int>) -> FeedRole {
        let last = spelling.isEmpty ? 0 : bytes[spelling.upperBound - 1]
        let slot = (spelling.count * 5 + Int(last)) & 63
        if let known = knownNames[slot], known.epoch == bindingEpoch, isSame(known.spelling, spelling) {
            name = known.name
            namespaceURI = known.namespaceURI
            return known.role
        }
        name = resolved(spelling, isAttribute: false)
        let role = FeedRole(name, isPrefixed: bytes[spelling].contains(UInt8(ascii: ":")))
        knownNames[slot] = KnownName(
            spelling: spelling, epoch: bindingEpoch, name: name, namespaceURI: namespaceURI, role: role)
        return role
    }

    /// Reads the prefix of the element that has just started, or its lack of one, as that of `namespace`, inside this
    /// element.
    mutating func adoptPrefix(as namespace: XMLNamespace) {
        guard let frame = frames.last else { return }
        let colon = bytes[frame.qualifiedName].firstIndex(of: UInt8(ascii: ":"))
        let prefix = colon.map { String(decoding: bytes[frame.qualifiedName.lowerBound..<$0], as: UTF8.self) } ?? ""
        adopt(prefix: prefix, as: namespace)
        name = XMLName(namespace: namespace, local: name.local)
    }

    mutating func adopt(prefix: String, as namespace: XMLNamespace) {
        if let index = bindings.lastIndex(where: { $0.prefix == prefix }) {
            bindings[index].namespace = namespace
        } else if !prefix.isEmpty {
            bindings.append(Binding(prefix: prefix, uri: "", namespace: namespace))
        }
        bindingEpoch += 1
    }

    private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count where bytes[left.lowerBound + offset] != bytes[right.lowerBound + offset] {
            return false
        }
        return true
    }

    mutating func resolved(_ qualifiedName: Range<Int>, isAttribute: Bool) -> XMLName {
        let colon = bytes[qualifiedName].firstIndex(of: UInt8(ascii: ":"))
        let localRange = (colon.map { $0 + 1 } ?? qualifiedName.lowerBound)..<qualifiedName.upperBound
        let local = String(lowercasing: bytes[localRange])
        let prefix = colon.map { String(decoding: bytes[qualifiedName.lowerBound..<$0], as: UTF8.self) } ?? ""
        // An attribute without a prefix belongs to its element and to no namespace (Namespaces in XML 1.0 §6.2).
        if isAttribute, prefix.isEmpty { return XMLName(namespace: .rss, local: local) }
        let binding = bindings.last { $0.prefix == prefix }
        if !isAttribute { namespaceURI = binding?.uri ?? "" }
        let namespace =
            binding?.namespace ?? (prefix.isEmpty ? .rss : XMLNamespace(undeclaredPrefix: prefix.lowercased()))
        // An unrecognised default namespace is the feed's own invention.
        if namespace == .other, prefix.isEmpty { return XMLName(namespace: .rss, local: local) }
        return XMLName(namespace: namespace, local: local)
    }
}
