import Glibc

/// Copies of strings for libnats' configurations, which borrow what they point to. They are freed with it.
@safe struct CStrings: ~Copyable {
    private var copies: [UnsafeMutablePointer<CChar>] = unsafe []
    private var lists: [UnsafeMutablePointer<UnsafePointer<CChar>?>] = unsafe []

    mutating func keep(_ text: String) -> UnsafePointer<CChar>? {
        guard let copy = unsafe strdup(text) else { return nil }
        unsafe copies.append(copy)
        return unsafe UnsafePointer(copy)
    }

    mutating func keep(_ texts: [String]) -> UnsafeMutablePointer<UnsafePointer<CChar>?> {
        let list = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: texts.count)
        for (index, text) in texts.enumerated() { unsafe (list + index).initialize(to: keep(text)) }
        unsafe lists.append(list)
        return unsafe list
    }

    deinit {
        for unsafe copy in unsafe copies { unsafe free(copy) }
        for unsafe list in unsafe lists { unsafe list.deallocate() }
    }
}
