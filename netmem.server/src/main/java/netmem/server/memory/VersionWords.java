package netmem.server.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The version word of each page, and the four operations on it that make a sequence lock. Shared: any number of readers;
 * writers one at a time, ordered by the engine's monitor. Never blocks. The only class with ordered memory accesses.
 */
abstract class VersionWords {
    /* Concurrency note
     *
     * Technique   Sequence lock with one writer at a time (as in StampedLock's optimistic reads; Boehm, "Can seqlocks get
     *             along with programming language memory models?", 2012). docs/adr/0003 says what is relied on, for the
     *             Java memory model speaks of variables, not of native memory.
     * Encoding    One aligned 64-bit word a page. Even: stable; odd: being written. version = word / 2 + 1, so a word of
     *             zero is version 1 and a fresh table needs no writing. Room for 2^63 versions: at a billion writes a
     *             second to one page, 292 years.
     *
     * operation   | access                                  | pairs with | forbids
     * beginWrite  | store odd opaque, then storeStoreFence  | validate   | data visible before the odd word
     * endWrite    | store next even, release                | beginRead  | even word visible before the data
     * beginRead   | load acquire; odd: not yet              | endWrite   | data loads before the word's load
     * validate    | acquireFence, then load and compare     | beginWrite | data loads after the second load
     *
     * Several     A transaction begins all its pages before it ends any. All ends are ordered by the monitor, and each is
     *  pages      a release: who has seen a page's new word sees at least "odd" in the others of its transaction.
     * Accepted    Readers copy bytes while they change. Such a copy fails its validation and is thrown away; no byte of
     *  races      it steers an offset, a length or a loop. committed() may lag behind: see PageMemory.version.
     * Writer dies Only with its process, and then readers in other processes find the word odd for ever: they must
     *             bound their tries (docs/arena-layout.md).
     * Evidence    stress: SequenceLockModel, SequenceLockActual, SequenceLockWeakened (which must fail); TornReadTest. x86
     *             hides most missing fences, so the table above is also held by review and by TidyTest.
     */

    /** What a word of a page that is being written has set. */
    private static final long WRITING = 1;

    /** How many pages have a version above the first; counted by writers, read by anybody. */
    private final AtomicLong written = new AtomicLong();

    final long written() {
        return written.get();
    }

    static boolean isStable(long word) {
        return (word & WRITING) == 0;
    }

    /** Whether no write of the page was ever begun, so that its bytes are zero without a look at them. */
    static boolean isUntouchedWord(long word) {
        return word == 0;
    }

    /** The committed version that a word tells, whether stable or being written. */
    static long versionOf(long word) {
        return (word >>> 1) + PageMemory.VERSION_FIRST;
    }

    /** The stable word of a version. */
    static long wordOf(long version) {
        return (version - PageMemory.VERSION_FIRST) << 1;
    }

    /** The word to hand to {@link #validate} after the copy, if stable. */
    final long beginRead(long page) {
        // pairs with endWrite: bytes read from here on are at least as new as this word
        return loadAcquire(page);
    }

    /** Whether the page has had this word all the time since beginRead, or has it now. */
    boolean validate(long page, long word) {
        // pairs with beginWrite: who read a byte of a later write sees that write's odd word below, or a later one
        VarHandle.acquireFence();
        // pairs with endWrite: what is read after a page was found current is at least as new as that page
        return loadAcquire(page) == word;
    }

    /** Whether the page has this version now and is not being written. A version that cannot be is not current. */
    final boolean isCurrent(long page, long version) {
        // pairs with beginWrite and endWrite: as in validate
        return version >= PageMemory.VERSION_FIRST && validate(page, wordOf(version));
    }

    /** The last committed version, without regard to other pages or to a write under way. */
    final long committed(long page) {
        // pairs with endWrite: bytes read later are at least as new as a stable page's version
        return versionOf(loadAcquire(page));
    }

    /** Whether the page was never begun. Writers only. */
    final boolean isUntouched(long page) {
        return isUntouchedWord(current(page));
    }

    /** Marks a page as being written. Writers only. */
    final void beginWrite(long page) {
        long word = current(page);
        if (!isStable(word)) {
            throw new IllegalStateException("page: begun twice (expected: endWrite first) page=" + page);
        }
        // pairs with validate: a reader that sees a byte of this write finds the word changed
        storeOpaque(page, word | WRITING);
        // pairs with validate: no byte of this write is visible before the odd word
        VarHandle.storeStoreFence();
    }

    /** Returns when the page is begun. Writers only. */
    final void checkBegun(long page) {
        if (isStable(current(page))) {
            throw new IllegalStateException("page: not begun (expected: beginWrite first) page=" + page);
        }
    }

    /** Publishes all bytes stored since beginWrite under this version. Writers only. */
    final void endWrite(long page, long version) {
        checkBegun(page);
        long committed = versionOf(current(page));
        if (version <= committed) {
            throw new IllegalArgumentException("version: " + version + " (expected: > " + committed + ") page=" + page);
        }
        if (committed == PageMemory.VERSION_FIRST) {
            written.incrementAndGet();
        }
        // pairs with beginRead: who sees this word sees all bytes stored before it
        storeRelease(page, wordOf(version));
    }

    /** Takes back a beginWrite after which no byte was stored. Writers only. */
    final void abandonWrite(long page) {
        checkBegun(page);
        // pairs with beginRead: the bytes under this word are those that were there before
        storeRelease(page, current(page) & ~WRITING);
    }

    private long current(long page) {
        // pairs with the monitor of the writers: only they store, so this is the latest word
        return loadOpaque(page);
    }

    abstract long loadAcquire(long page);

    abstract long loadOpaque(long page);

    abstract void storeOpaque(long page, long word);

    abstract void storeRelease(long page, long word);

    /** Words in the record table of an arena. Shared like its parent. Not final, for tests that weaken it. */
    static class InArena extends VersionWords {
        private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

        private final MemorySegment segment;

        InArena(MemorySegment segment) {
            this.segment = segment;
        }

        @Override
        long loadAcquire(long page) {
            // pairs with storeRelease: the access mode of beginRead, validate and committed
            return (long) WORD.getAcquire(segment, ArenaLayout.versionOffset(page));
        }

        @Override
        long loadOpaque(long page) {
            // pairs with storeOpaque: whole words, in the order of the writers
            return (long) WORD.getOpaque(segment, ArenaLayout.versionOffset(page));
        }

        @Override
        void storeOpaque(long page, long word) {
            // pairs with loadAcquire: the access mode of beginWrite, ordered by the fence after it
            WORD.setOpaque(segment, ArenaLayout.versionOffset(page), word);
        }

        @Override
        void storeRelease(long page, long word) {
            // pairs with loadAcquire: the access mode of endWrite
            WORD.setRelease(segment, ArenaLayout.versionOffset(page), word);
        }
    }

    /** The same words on the heap, in a form that checkers of interleavings understand. Shared like its parent. */
    static final class OnHeap extends VersionWords {
        private final AtomicLongArray words;

        OnHeap(int pageCount) {
            this.words = new AtomicLongArray(pageCount);
        }

        @Override
        long loadAcquire(long page) {
            // pairs with storeRelease: as in the arena
            return words.getAcquire((int) page);
        }

        @Override
        long loadOpaque(long page) {
            // pairs with storeOpaque: as in the arena
            return words.getOpaque((int) page);
        }

        @Override
        void storeOpaque(long page, long word) {
            // pairs with loadAcquire: as in the arena
            words.setOpaque((int) page, word);
        }

        @Override
        void storeRelease(long page, long word) {
            // pairs with loadAcquire: as in the arena
            words.setRelease((int) page, word);
        }
    }
}
