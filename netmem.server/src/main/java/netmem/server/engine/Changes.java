package netmem.server.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The pages that the command under way has changed, until the engine tells those who watch. Confined to the engine's monitor. */
final class Changes {
    private final Deque<Long> pages = new ArrayDeque<>();

    void add(long page) {
        pages.add(page);
    }

    /** Takes the next; null when there is none. */
    @Nullable
    Long next() {
        return pages.poll();
    }
}
