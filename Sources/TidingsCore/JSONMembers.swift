/// The ranges of the members of the compact JSON object that begins at `start`, and the object's end, after its brace.
///
/// For members of our own records that are copied byte for byte: a `JSONTree` would have to be written anew, and the
/// bytes of a line must not change.
/// - Returns: nil if no object begins at `start`, or it does not end.
package func jsonMembers(of json: [UInt8], from start: Int) -> (members: [Range<Int>], end: Int)? {
    guard start < json.count, json[start] == UInt8(ascii: "{") else { return nil }
    var members: [Range<Int>] = []
    var depth = 0
    var memberStart = start + 1
    var isInString = false
    var position = start
    while position < json.count {
        let byte = json[position]
        if isInString {
            // An escaped character does not end the string.
            if byte == UInt8(ascii: "\\") { position += 1 } else if byte == UInt8(ascii: "\"") { isInString = false }
        } else {
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    if memberStart < position { members.append(memberStart..<position) }
                    return (members, position + 1)
                }
            case UInt8(ascii: ",") where depth == 1:
                members.append(memberStart..<position)
                memberStart = position + 1
            default: break
            }
        }
        position += 1
    }
    return nil
}
