import Foundation

package let isLongRun = ProcessInfo.processInfo.environment["TIDINGS_TEST_LONG"] != nil
