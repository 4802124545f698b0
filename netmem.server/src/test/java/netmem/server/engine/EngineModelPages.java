package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** What {@link EngineModel} is made of: pages with their holders and lines, sessions with their slots. Confined to the test's thread. */
final class EngineModelPages {
    static final int WAITERS_PER_PAGE_MAX = 4;
    static final int LOCKS_PER_SESSION_MAX = 4;
    static final int WORD_OFFSET = 8;

    final List<Page> all = new ArrayList<>();

    /** Those who wait for a page to be newer. */
    final List<Waiting> newer = new ArrayList<>();

    /** Pages changed by the command under way. */
    final Set<Long> changed = new TreeSet<>();

    EngineModelPages() {
        for (int i = 0; i < EngineFixture.PAGES; i++) {
            all.add(new Page(i));
        }
    }

    Page page(long index) {
        return all.get(Math.toIntExact(index));
    }

    /** A page has a number in its first four bytes and a word at {@link #WORD_OFFSET}. */
    static final class Page {
        final long index;
        long version = 1;
        int value;
        long word;
        final List<Grant> holders = new ArrayList<>();
        final List<Waiting> line = new ArrayList<>();

        Page(long index) {
            this.index = index;
        }

        boolean admits(boolean shared) {
            return holders.isEmpty() || (shared && holders.getFirst().shared);
        }

        @Nullable
        Grant exclusive() {
            return holders.isEmpty() || holders.getFirst().shared ? null : holders.getFirst();
        }

        @Nullable
        Grant grantOf(Client client, long token) {
            return holders.stream()
                    .filter(grant -> grant.client == client && grant.token == token)
                    .findFirst()
                    .orElse(null);
        }

        ByteBuffer bytes() {
            return ByteBuffer.allocate(EngineFixture.PAGE_LENGTH)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(0, value)
                    .putLong(WORD_OFFSET, word);
        }
    }

    /** A lock held; the token is 0 until the engine has told it. */
    static final class Grant {
        final Client client;
        final long handle;
        final boolean shared;
        final Page page;
        long token;

        Grant(Client client, long handle, boolean shared, Page page) {
            this.client = client;
            this.handle = handle;
            this.shared = shared;
            this.page = page;
        }
    }

    /** A session and how it is reached. */
    static final class Client {
        final EngineClient real;
        final long leaseNanos;
        final Map<Integer, Outcome> slots = new HashMap<>();
        final Set<Run> watches = new HashSet<>();
        final Set<Long> unsent = new TreeSet<>();
        long connection;
        long heardNanos;
        boolean ended;

        Client(EngineClient real, long leaseNanos, long nowNanos) {
            this.real = real;
            this.leaseNanos = leaseNanos;
            this.connection = real.connection;
            this.heardNanos = nowNanos;
        }

        boolean isAlive(long nowNanos) {
            return !ended && (leaseNanos == Session.NO_LEASE || nowNanos < heardNanos + leaseNanos);
        }

        void endWatches() {
            watches.clear();
            unsent.clear();
        }
    }

    /** Watched pages. */
    record Run(long first, long count) {
        boolean has(long page) {
            return page >= first && page < first + count;
        }
    }

    static final class Outcome {
        final long requestId;
        final Opcode opcode;

        /** Null while it waits. */
        @Nullable
        Reply reply;

        /** Grants whose tokens its reply tells: those made, or those in the way of each failed compare. */
        List<@Nullable Grant> grants = List.of();

        /** That it last came on. */
        long connection;

        Outcome(long requestId, Opcode opcode) {
            this.requestId = requestId;
            this.opcode = opcode;
        }
    }

    record Want(Page page, boolean shared) {}

    record Waiting(
            Client client,
            Outcome outcome,
            Request request,
            List<Want> wants,
            int version02,
            long number,
            long deadlineNanos) {
        /** Compared by their number. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Waiting waiting && waiting.number == number;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }

        Want wants(Page page) {
            return wants.stream().filter(want -> want.page == page).findFirst().orElseThrow();
        }

        /** Whether this is the line that it joined last. */
        boolean waitsAt(Page page) {
            return wants.stream()
                    .map(Want::page)
                    .filter(joined -> joined.line.contains(this))
                    .reduce((_, later) -> later)
                    .equals(Optional.of(page));
        }

        /**
         * Goes through the lines of its pages, which are in rising order, as far as it comes; true when it is first
         * and admitted in all.
         */
        boolean goesThrough() {
            for (Want want : wants) {
                if (!want.page.line.contains(this)) {
                    want.page.line.add(this);
                }
                if (!want.page.line.getFirst().equals(this) || !want.page.admits(want.shared)) {
                    return false;
                }
            }
            return !wants.isEmpty();
        }
    }

    /** A reply, to a caller or as an effect; tokens of grants are to be filled in. No reply: the connection is detached. */
    record Expected(
            long connection, long requestId, @Nullable Reply reply, List<@Nullable Grant> grants) {}

    static Reply failed(Status status) {
        return new Reply.Failed(status, 0, 0, "");
    }

    void change(Page page, int value, long word, long version) {
        page.value = value;
        page.word = word;
        page.version = version;
        changed.add(page.index);
    }

    /** All that wait. */
    List<Waiting> waiting() {
        List<Waiting> waiting = new ArrayList<>(newer);
        all.forEach(page -> waiting.addAll(page.line));
        return waiting.stream().distinct().toList();
    }

    /** The handle that will hold what the request wants; null when it holds nothing. */
    static @Nullable Long handle(Request request) {
        return switch (request) {
            case Request.Lock lock -> lock.handle();
            case Request.LockMany many -> many.handle();
            default -> null;
        };
    }

    boolean hasOrAwaits(Client client, long handle, Page page) {
        return page.holders.stream().anyMatch(grant -> grant.client == client && grant.handle == handle)
                || waiting().stream()
                        .filter(waiting -> isOf(waiting, client, handle))
                        .anyMatch(waiting -> waiting.wants.stream().anyMatch(want -> want.page == page));
    }

    static boolean isOf(Waiting waiting, Client client, long handle) {
        Long own = handle(waiting.request);
        return waiting.client == client && own != null && own == handle;
    }

    /** Held and waited for. */
    int locksOf(Client client) {
        int locks = 0;
        for (Page page : all) {
            locks += (int) page.holders.stream()
                    .filter(grant -> grant.client == client)
                    .count();
        }
        for (Waiting waiting : waiting()) {
            locks += waiting.client == client && handle(waiting.request) != null ? waiting.wants.size() : 0;
        }
        return locks;
    }

    boolean withdraw(Outcome outcome) {
        boolean waited = newer.removeIf(waiting -> waiting.outcome == outcome);
        for (Page page : all) {
            waited |= page.line.removeIf(waiting -> waiting.outcome == outcome);
        }
        return waited;
    }

    void dropAll(Client client) {
        newer.removeIf(waiting -> waiting.client == client);
        for (Page page : all) {
            page.line.removeIf(waiting -> waiting.client == client);
            page.holders.removeIf(grant -> grant.client == client);
        }
        client.endWatches();
    }

    /** Whether the request waits for itself, by way of others or not. */
    boolean waitsForItself(Waiting waiting) {
        Set<Waiting> met = new HashSet<>();
        List<Waiting> open = new ArrayList<>(blockersOf(waiting));
        while (!open.isEmpty()) {
            Waiting next = open.removeLast();
            if (next.equals(waiting)) {
                return true;
            }
            if (met.add(next)) {
                open.addAll(blockersOf(next));
            }
        }
        return false;
    }

    /** Whether its owner holds something. */
    boolean holdsSomething(Waiting waiting) {
        Long handle = handle(waiting.request);
        return handle != null
                && all.stream()
                        .flatMap(page -> page.holders.stream())
                        .anyMatch(grant -> grant.client == waiting.client && grant.handle == handle);
    }

    /**
     * Those that it waits for, in the line that it joined last: the first, where that has gone on to a further line,
     * and what the holders wait for, where they do not admit it or one before it. Who else stands before it waits for
     * no more than it does itself.
     */
    private List<Waiting> blockersOf(Waiting waiting) {
        List<Waiting> blockers = new ArrayList<>();
        for (Page page : all) {
            if (!page.line.contains(waiting) || !waiting.waitsAt(page)) {
                continue;
            }
            Waiting first = page.line.getFirst();
            if (!first.waitsAt(page)) {
                blockers.add(first);
            }
            boolean admitted = true;
            for (Waiting ahead : page.line.subList(0, page.line.indexOf(waiting) + 1)) {
                admitted &= page.admits(ahead.wants(page).shared);
            }
            if (!admitted) {
                for (Grant grant : page.holders) {
                    waiting().stream()
                            .filter(other -> isOf(other, grant.client, grant.handle))
                            .forEach(blockers::add);
                }
            }
        }
        return blockers;
    }
}
