package netmem.proof.sockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.proof.history.Fate;
import netmem.proof.history.Made;
import netmem.proof.history.Seen;

/**
 * Writes what one client does and sees, a line at a time as it happens, so that the lines of a process that is killed can be
 * read up to that instant. {@link HistoryFile} reads them. Shared by the client's threads.
 *
 * <pre>
 *   B id nanos token required made what     an operation begins; states are page:version:value, joined by commas
 *   E id nanos fate token seen made         it ended; a later line for the same id counts
 *   G page token nanos exclusive|shared     a lock is held
 *   H page token nanos                      it is still held
 *   W page version nanos                    a watch stands
 *   N page version nanos                    a watch told
 *   C nanos text                            something is wrong
 * </pre>
 */
final class Recorder {
    /** The pages of each memory that a server has had have numbers of their own: so far apart. */
    static final long PAGES_APART = 1000;

    private final OutputStream out;
    private final AtomicLong ids;
    private final long firstPage;

    Recorder(OutputStream out) {
        this(out, new AtomicLong(), 0);
    }

    private Recorder(OutputStream out, AtomicLong ids, long firstPage) {
        this.out = out;
        this.ids = ids;
        this.firstPage = firstPage;
    }

    /** The recorder of what the same client does in the next memory, after this one was lost. */
    Recorder inNextMemory() {
        return new Recorder(out, ids, firstPage + PAGES_APART);
    }

    /** An operation under way. Confined to its caller. */
    final class Pending {
        private final long id = ids.incrementAndGet();
        private final List<Seen> required;
        private final List<Made> made;
        private final long token;

        private Pending(List<Seen> required, List<Made> made, long token) {
            this.required = required;
            this.made = made;
            this.token = token;
        }

        void done(List<Seen> seen, List<Made> done) {
            done(seen, done, token);
        }

        void done(List<Seen> seen, List<Made> done, long newToken) {
            end(System.nanoTime(), Fate.DONE, newToken, seen, done);
        }

        void failed(NetMemException failure) {
            failed(failure, required);
        }

        /** Failed, and would have happened only if the pages were so. */
        void failed(NetMemException failure, List<Seen> requiredLast) {
            boolean unknown = failure.outcome() == Outcome.UNKNOWN;
            end(System.nanoTime(), unknown ? Fate.UNKNOWN : Fate.NO_EFFECT, token, requiredLast, made);
            if (unknown) {
                failure.settled().thenAccept(outcome -> {
                    if (outcome == Outcome.NO_EFFECT) {
                        end(System.nanoTime(), Fate.NO_EFFECT, token, requiredLast, made);
                    }
                });
            }
        }

        private void end(long nanos, Fate fate, long ofToken, List<Seen> seen, List<Made> done) {
            line("E " + id + " " + nanos + " " + fate + " " + ofToken + " " + seenText(seen) + " " + madeText(done));
        }
    }

    /** An operation begins; call it before the operation is started. */
    Pending begin(String what, List<Seen> required, List<Made> made, long token) {
        Pending pending = new Pending(required, made, token);
        line("B " + pending.id + " " + System.nanoTime() + " " + token + " " + seenText(required) + " " + madeText(made)
                + " " + what);
        return pending;
    }

    void granted(long page, long token, long nanos, boolean shared) {
        line("G " + numbered(page) + " " + token + " " + nanos + " " + (shared ? "shared" : "exclusive"));
    }

    void held(long page, long token, long nanos) {
        line("H " + numbered(page) + " " + token + " " + nanos);
    }

    void watched(long page, long version) {
        line("W " + numbered(page) + " " + version + " " + System.nanoTime());
    }

    void notified(long page, long version) {
        line("N " + numbered(page) + " " + version + " " + System.nanoTime());
    }

    void complain(String text) {
        line("C " + System.nanoTime() + " " + text.replace('\n', ' '));
    }

    private long numbered(long page) {
        return firstPage + page;
    }

    private String seenText(List<Seen> states) {
        return states.isEmpty()
                ? "-"
                : states.stream()
                        .map(seen -> numbered(seen.page()) + ":" + seen.version() + ":" + seen.value())
                        .collect(Collectors.joining(","));
    }

    private String madeText(List<Made> states) {
        return states.isEmpty()
                ? "-"
                : states.stream()
                        .map(made -> numbered(made.page()) + ":" + made.version() + ":" + made.value())
                        .collect(Collectors.joining(","));
    }

    private void line(String text) {
        try {
            synchronized (ids) { // one for all recorders of the client
                out.write((text + "\n").getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
