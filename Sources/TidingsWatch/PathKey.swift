/// A path relative to a root as the kernel knows it: bytes without a NUL, parts joined by one `/`, none at either end.
/// The root itself is the empty path. Linux promises no charset (path_resolution(7)), so this is no String.
package typealias RawPath = [UInt8]

/// `path` as text for the ledger and the stream. `%`, `#`, control characters and bytes that are not UTF-8 become `%` and
/// two hex digits in upper case, and all else stays as it is: `pathBytes(ofKey:)` gives back the same bytes. A key has no `#`, so
/// that one can stand between the key and the name of a part of the file.
package func pathKey(_ path: RawPath) -> String {
    if path.allSatisfy({ (0x20..<0x7F).contains($0) && !isReserved($0) }) { return String(decoding: path, as: UTF8.self) }
    var key: [UInt8] = []
    key.reserveCapacity(path.count + 16)
    var parser = Unicode.UTF8.ForwardParser()
    var rest = path.makeIterator()
    var position = 0
    while true {
        switch parser.parseScalar(from: &rest) {
        case .emptyInput:
            return String(decoding: key, as: UTF8.self)
        case .valid(let scalar):
            if scalar.count == 1 {
                appendEscaped(path[position], to: &key)
            } else {
                key.append(contentsOf: path[position..<position + scalar.count])
            }
            position += scalar.count
        case .error(let length):
            for byte in path[position..<position + length] { appendHex(byte, to: &key) }
            position += length
        }
    }
}

/// The path that `pathKey` wrote as `key`; nil where a `%` is not followed by two hex digits.
package func pathBytes(ofKey key: String) -> RawPath? {
    var path: RawPath = []
    path.reserveCapacity(key.utf8.count)
    var rest = key.utf8.makeIterator()
    while let byte = rest.next() {
        guard byte == percent else {
            path.append(byte)
            continue
        }
        guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else { return nil }
        path.append(high << 4 | low)
    }
    return path
}

private let percent = UInt8(ascii: "%")

private func isReserved(_ byte: UInt8) -> Bool { byte == percent || byte == UInt8(ascii: "#") }

private func appendEscaped(_ byte: UInt8, to key: inout [UInt8]) {
    if byte < 0x20 || byte == 0x7F || isReserved(byte) { appendHex(byte, to: &key) } else { key.append(byte) }
}

private func appendHex(_ byte: UInt8, to key: inout [UInt8]) {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value }
    key.append(percent)
    key.append(digit(byte >> 4))
    key.append(digit(byte & 15))
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}

let slash = UInt8(ascii: "/")

extension RawPath {
    /// The path of the entry `name` of the folder at this path.
    func appending(_ name: some Collection<UInt8>) -> RawPath {
        var path = self
        path.reserveCapacity(count + 1 + name.count)
        if !isEmpty { path.append(slash) }
        path.append(contentsOf: name)
        return path
    }

    /// Whether this path is `folder` or lies below it.
    package func isAtOrBelow(_ folder: RawPath) -> Bool {
        folder.isEmpty || (starts(with: folder) && (count == folder.count || self[folder.count] == slash))
    }
}
