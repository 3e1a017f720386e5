import CLinux
import Glibc

/// Has all threads share two arenas of malloc(3). Otherwise there are up to eight a processor, and what a thread of one arena has freed,
/// a thread of another one cannot use: a first ingest takes a third more memory then, and no less time. To be called before there is work.
package func limitArenas() { _ = mallopt(M_ARENA_MAX, 2) }

/// Gives memory back to the system that nobody needs now. It takes milliseconds.
package func returnFreeMemory() {
    // What malloc(3) has, and nobody uses (malloc_trim(3)).
    malloc_trim(0)
    // Pages of programs and libraries that only the start, or a burst of work, has used. What is used again is mapped again, from the
    // kernel's page cache as long as it has them.
    tidings_forget_unwritable_pages()
}
