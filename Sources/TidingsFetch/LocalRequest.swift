import CCurl
import Glibc
import TidingsCore
import TidingsSystem

/// One HTTP request over a Unix socket, to a server of this machine's. It has none of the care that foreign servers need.
package struct LocalRequest: Sendable {
    /// The socket's folder and its name there. The path of the folder may be longer than a socket's name can be.
    private let folder: String
    private let name: String
    private let method: String
    private let target: String
    private let accept: String?

    /// - Parameters:
    ///   - method: `GET` or `POST`; neither has a body.
    ///   - target: path and query, encoded.
    package init(folder: String, socket name: String, method: String = "GET", target: String, accept: String? = nil) {
        self.folder = folder
        self.name = name
        self.method = method
        self.target = target
        self.accept = accept
    }

    /// Sends it, and waits for the end of the answer as long as that takes.
    /// - Parameters:
    ///   - limitSeconds: how long to wait for a server that sends nothing; nil: for ever.
    ///   - onBytes: called with the status and the parts of the body, as they arrive; false ends the request.
    /// - Returns: the status.
    package func send(limitSeconds: Int? = nil, onBytes: (Int, [UInt8]) -> Bool) throws(LocalRequestError) -> Int {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor(openingFolder: folder)
        } catch {
            throw LocalRequestError(.refused(code: error.code), detail: error.message)
        }
        guard let handle = unsafe curl_easy_init() else { throw LocalRequestError(.refused(code: ENOMEM), detail: "no memory") }
        defer { unsafe curl_easy_cleanup(handle) }
        // The folder's path may be longer than a socket's name can be; the one through its descriptor is short (proc(5)).
        unsafe tidings_setopt_string(handle, CURLOPT_UNIX_SOCKET_PATH, "/proc/self/fd/\(descriptor.raw)/\(name)")
        unsafe tidings_setopt_string(handle, CURLOPT_URL, "http://localhost\(target)")
        unsafe tidings_setopt_string(handle, CURLOPT_CUSTOMREQUEST, method)
        unsafe tidings_setopt_string(handle, CURLOPT_PROXY, "")
        unsafe tidings_setopt_long(handle, CURLOPT_NOSIGNAL, 1)
        if let limitSeconds {
            unsafe tidings_setopt_long(handle, CURLOPT_CONNECTTIMEOUT, limitSeconds)
            unsafe tidings_setopt_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            unsafe tidings_setopt_long(handle, CURLOPT_LOW_SPEED_TIME, limitSeconds)
        }
        var fields: UnsafeMutablePointer<curl_slist>?
        if let accept { unsafe fields = curl_slist_append(nil, "Accept: \(accept)") }
        defer { unsafe curl_slist_free_all(fields) }
        unsafe tidings_setopt_pointer(handle, CURLOPT_HTTPHEADER, fields)
        let code = withoutActuallyEscaping(onBytes) { onBytes in
            let receiver = BodyReceiver { bytes in
                var status = 0
                unsafe tidings_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
                return onBytes(status, bytes)
            }
            unsafe tidings_setopt_write(handle, CURLOPT_WRITEFUNCTION, receive)
            unsafe tidings_setopt_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(receiver).toOpaque())
            return withExtendedLifetime(receiver) { unsafe curl_easy_perform(handle) }
        }
        withExtendedLifetime(descriptor) {}
        var status = 0
        unsafe tidings_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
        var system = 0
        unsafe tidings_getinfo_long(handle, CURLINFO_OS_ERRNO, &system)
        switch code {
        case CURLE_OK: return status
        case CURLE_WRITE_ERROR: throw LocalRequestError(.ended, detail: "")
        case CURLE_COULDNT_CONNECT:
            throw LocalRequestError(.refused(code: Int32(truncatingIfNeeded: system)), detail: SystemError(code: Int32(truncatingIfNeeded: system)).message)
        default: throw unsafe LocalRequestError(.brokenOff, detail: String(cString: curl_easy_strerror(code)))
        }
    }

    /// Sends it, and takes the body in lines.
    /// - Parameter onLine: called with each line, without its `\n`; the last may lack one. False ends the request.
    /// - Returns: the status; from 400 on with the body, of which no line was given.
    package func lines(
        limitSeconds: Int? = nil, onLine: ([UInt8]) -> Bool
    ) throws(LocalRequestError) -> (status: Int, refusal: [UInt8]) {
        var rest: [UInt8] = []
        let status = try send(limitSeconds: limitSeconds) { status, bytes in
            rest += bytes
            if status >= 400 { return rest.count <= Self.refusalBytes }
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                guard onLine(Array(rest[start..<end])) else { return false }
                start = end + 1
            }
            rest.removeFirst(start)
            return true
        }
        if status >= 400 { return (status, rest) }
        if !rest.isEmpty { _ = onLine(rest) }
        return (status, [])
    }

    private static let refusalBytes = 64 << 10
}

/// Why there is no answer of a local server.
package struct LocalRequestError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// The socket cannot be reached, with this `errno`: `ENOENT` and `ECONNREFUSED` if nobody listens.
        case refused(code: Int32)
        /// The connection ended before the answer did, or nothing came for too long.
        case brokenOff
        /// The caller has ended it.
        case ended
    }

    package let reason: Reason
    /// The system's or libcurl's own words.
    package let detail: String

    init(_ reason: Reason, detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

/// Takes a body while libcurl reads it.
private final class BodyReceiver {
    let onBytes: ([UInt8]) -> Bool

    init(_ onBytes: @escaping ([UInt8]) -> Bool) { self.onBytes = onBytes }
}

/// "Your callback should return the number of bytes actually taken care of. If that amount differs from the amount passed to your
/// callback function, it signals an error condition to the library" (CURLOPT_WRITEFUNCTION(3)).
private let receive: curl_write_callback = { bytes, size, count, context in
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let receiver = unsafe Unmanaged<BodyReceiver>.fromOpaque(context).takeUnretainedValue()
    let length = size * count
    let part = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: length))
    return receiver.onBytes(part) ? length : 0
}
