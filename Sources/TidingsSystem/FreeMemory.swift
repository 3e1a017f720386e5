import CLinux

/// Gives memory back to the system that malloc(3) has and nobody uses (malloc_trim(3)). It takes milliseconds.
package func returnFreeMemory() { malloc_trim(0) }
