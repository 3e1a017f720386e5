import Glibc

/// The name of the user with this number; nil without an entry in the user database (passwd(5)).
package func userName(_ id: uid_t) -> String? {
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var text = [CChar](repeating: 0, count: accountLimitBytes)
    guard unsafe getpwuid_r(id, &entry, &text, text.count, &found) == 0, unsafe found != nil, let name = unsafe entry.pw_name
    else { return nil }
    return unsafe String(cString: name)
}

/// The name of the group with this number; nil without an entry in the group database (group(5)), or if it has too many members.
package func groupName(_ id: gid_t) -> String? {
    var entry = unsafe group()
    var found: UnsafeMutablePointer<group>?
    var text = [CChar](repeating: 0, count: accountLimitBytes)
    guard unsafe getgrgid_r(id, &entry, &text, text.count, &found) == 0, unsafe found != nil, let name = unsafe entry.gr_name
    else { return nil }
    return unsafe String(cString: name)
}

/// For the strings of one entry.
private let accountLimitBytes = 64 << 10
