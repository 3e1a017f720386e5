import TidingsSystem

/// Waits until a change is in the files of `folder`, so that a reader may begin after it.
/// - Parameter limitMilliseconds: how long to wait.
/// - Returns: whether the change is in the files.
package func waitForChange(
    _ sequence: Int64, ofStream stream: String, in folder: String, limitMilliseconds: Int32
) throws(StreamError) -> Bool {
    let files = StreamFolder(path: folder)
    guard try FileStatus.of(path: folder) != nil else { return false }
    // The watch begins before the first look, so that no event is missed in between.
    let watch = try FolderWatch(folder)
    let deadline = ContinuousClock.now + .milliseconds(Int64(limitMilliseconds))
    while true {
        if let extent = try StreamExtent.of(files), extent.stream == stream, extent.newest >= sequence { return true }
        let left = (deadline - .now) / .milliseconds(1)
        guard left > 0 else { return false }
        _ = try watch.wait(timeoutMilliseconds: Int32(left.rounded(.up)), cancellation: nil)
    }
}
