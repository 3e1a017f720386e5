import TidingsSystem

/// Waits until the files of `folder` have gone up to a change, so that a reader may begin after it. Says whether they have.
/// - Parameter limitMilliseconds: how long to wait for it.
package func waitForChange(
    _ sequence: Int64, ofStream stream: String, in folder: String, limitMilliseconds: Int32
) throws(StreamError) -> Bool {
    let files = StreamFolder(path: folder)
    guard try FileStatus.of(path: folder) != nil else { return false }
    // Before the first look, so that nothing happens unseen in between.
    let watch = try FolderWatch(folder)
    let deadline = ContinuousClock.now + .milliseconds(Int64(limitMilliseconds))
    while true {
        if let extent = try StreamExtent.of(files), extent.stream == stream, extent.newest >= sequence { return true }
        let left = (deadline - .now) / .milliseconds(1)
        guard left > 0 else { return false }
        _ = try watch.wait(timeoutMilliseconds: Int32(left.rounded(.up)), cancellation: nil)
    }
}
