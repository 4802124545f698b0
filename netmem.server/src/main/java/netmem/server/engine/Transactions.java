package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import netmem.api.Status;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Claim;
import netmem.server.lock.Holder;
import netmem.server.memory.MemoryExhaustedException;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of one frame: all compares, then all reads, then all changes, at one instant under the monitor. Confined to it.
 *
 * <p>For readers beside the monitor the changes are one instant too: all pages are begun before any is ended.
 */
final class Transactions {
    private final PageMemory pages;
    private final ServerLimits limits;
    private final Lines lines;
    private final Changes changes;

    Transactions(PageMemory pages, ServerLimits limits, Lines lines, Changes changes) {
        this.pages = pages;
        this.limits = limits;
        this.lines = lines;
        this.changes = changes;
    }

    /** Says what is wrong with the steps; null when all are well formed. */
    Reply.@Nullable Failed refusal(Request.Transact transact) {
        long replyBytes = 64;
        for (Step step : transact.steps()) {
            Reply.Failed wrong = step instanceof Step.Atomic atomic
                    ? PageChange.refusal(pages, atomic.page(), atomic.offset())
                    : PageChange.refusal(pages, step.page(), ranges(step));
            if (wrong != null) {
                return wrong;
            }
            replyBytes += 64 + (step instanceof Step.Read read ? read.length() : 0);
        }
        return replyBytes <= limits.frameBytesMax()
                ? null
                : new Reply.Failed(
                        Status.TOO_LARGE,
                        replyBytes,
                        limits.frameBytesMax(),
                        "reply: " + replyBytes + " bytes (expected: <= " + limits.frameBytesMax() + ")");
    }

    private static Ranges ranges(Step step) {
        return switch (step) {
            case Step.CompareVersion _, Step.CompareToken _, Step.Release _ -> Ranges.NONE;
            case Step.CompareBytes compare ->
                Ranges.of(compare.offset(), compare.bytes().remaining());
            case Step.Read read -> Ranges.of(read.offset(), read.length());
            case Step.Write write -> Ranges.of(write.offset(), write.bytes().remaining());
            case Step.Atomic atomic -> Ranges.of(atomic.offset(), Long.BYTES);
        };
    }

    private static Set<Long> changedPages(Request.Transact transact) {
        Set<Long> changed = new LinkedHashSet<>();
        for (Step step : transact.steps()) {
            if (step instanceof Step.Write || step instanceof Step.Atomic) {
                changed.add(step.page());
            }
        }
        return changed;
    }

    private static boolean showsToken(Step step) {
        return step instanceof Step.CompareToken || step instanceof Step.Release;
    }

    /** The session's own grant that a step shows the token of, or null. */
    private @Nullable Holder shown(Session session, Step step) {
        return switch (step) {
            case Step.CompareToken(long page, long token) -> lines.grantOf(session, page, token);
            case Step.Release(long page, long token) -> lines.grantOf(session, page, token);
            case Step.CompareVersion _, Step.CompareBytes _, Step.Read _, Step.Write _, Step.Atomic _ -> null;
        };
    }

    /** Whether it shows a token that the session does not hold; it will never hold it again, so there is nothing to wait for. */
    boolean hasLostLocks(Session session, Request.Transact transact) {
        return transact.steps().stream().anyMatch(step -> showsToken(step) && shown(session, step) == null);
    }

    /** A shared grant that it shows of a page that it changes, which only an exclusive one allows; null when there is none. */
    @Nullable
    Holder sharedButChanged(Session session, Request.Transact transact) {
        Set<Long> changed = changedPages(transact);
        for (Step step : transact.steps()) {
            Holder holder = shown(session, step);
            if (holder != null && holder.mode() == Claim.Mode.SHARED && changed.contains(holder.page())) {
                return holder;
            }
        }
        return null;
    }

    /** The pages that it changes and whose exclusive locks it does not show, in rising order. */
    List<Claim> claims(Session session, Request.Transact transact) {
        Set<Long> changed = changedPages(transact);
        for (Step step : transact.steps()) {
            if (shown(session, step) != null) {
                changed.remove(step.page());
            }
        }
        return changed.stream()
                .sorted()
                .map(page -> new Claim(page, Claim.Mode.EXCLUSIVE))
                .toList();
    }

    Reply run(Session session, Request.Transact transact) {
        try {
            return attempt(session, transact);
        } catch (MemoryExhaustedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            releaseLocks(session, transact); // who is told of a fault cannot know whether it has the locks
            throw e;
        }
    }

    private Reply attempt(Session session, Request.Transact transact) {
        List<Reply.NotCommitted.Compare> failed = failedCompares(session, transact);
        if (!failed.isEmpty()) {
            return new Reply.NotCommitted(failed);
        }
        List<Reply.Committed.Result> results = new ArrayList<>();
        List<Step.Write> writes = new ArrayList<>();
        for (Step step : transact.steps()) {
            switch (step) {
                case Step.Read read ->
                    results.add(result(
                            read.page(), PageChange.copy(pages, read.page(), Ranges.of(read.offset(), read.length()))));
                case Step.Write write -> writes.add(write);
                case Step.Atomic atomic -> {
                    ByteBuffer old = wordAfter(writes, atomic.page(), atomic.offset());
                    results.add(result(atomic.page(), old));
                    writes.add(written(atomic, old.getLong(0)));
                }
                case Step.CompareVersion _, Step.CompareToken _, Step.CompareBytes _, Step.Release _ -> {}
            }
        }
        List<Reply.Committed.Version> versions = apply(writes);
        releaseLocks(session, transact);
        return new Reply.Committed(versions, results);
    }

    private Reply.Committed.Result result(long page, ByteBuffer data) {
        return new Reply.Committed.Result(pages.version(page), data);
    }

    private static Step.Write written(Step.Atomic atomic, long old) {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        word.putLong(0, atomic.function().apply(old, atomic.operand()));
        return new Step.Write(atomic.page(), atomic.offset(), word);
    }

    /** The word as the page has it, with the writes so far laid over it. */
    private ByteBuffer wordAfter(List<Step.Write> writes, long page, int offset) {
        ByteBuffer word = PageChange.copy(pages, page, Ranges.of(offset, Long.BYTES));
        for (Step.Write write : writes) {
            int from = Math.max(offset, write.offset());
            int to =
                    Math.min(offset + Long.BYTES, write.offset() + write.bytes().remaining());
            if (write.page() == page && from < to) {
                int source = write.bytes().position() + from - write.offset();
                word.put(from - offset, write.bytes(), source, to - from);
            }
        }
        return word;
    }

    private List<Reply.NotCommitted.Compare> failedCompares(Session session, Request.Transact transact) {
        List<Reply.NotCommitted.Compare> failed = new ArrayList<>();
        long roomBytes = limits.frameBytesMax() - 64L - 32L * transact.steps().size();
        for (int i = 0; i < transact.steps().size(); i++) {
            Step step = transact.steps().get(i);
            if (!holds(session, step)) {
                roomBytes -= pages.pageLength();
                boolean withPage = transact.returnCurrent() && roomBytes >= 0;
                long page = step.page();
                ByteBuffer current = withPage ? PageChange.whole(pages, page) : null;
                failed.add(new Reply.NotCommitted.Compare(i, page, pages.version(page), lines.token(page), current));
            }
        }
        return failed;
    }

    private boolean holds(Session session, Step step) {
        return switch (step) {
            case Step.CompareVersion(long page, long version) -> pages.version(page) == version;
            case Step.CompareToken _, Step.Release _ -> shown(session, step) != null;
            case Step.CompareBytes(long page, int offset, ByteBuffer bytes) ->
                PageChange.copy(pages, page, Ranges.of(offset, bytes.remaining()))
                        .equals(bytes);
            case Step.Read _, Step.Write _, Step.Atomic _ -> true;
        };
    }

    private List<Reply.Committed.Version> apply(List<Step.Write> writes) {
        Map<Long, Long> versions = new LinkedHashMap<>();
        for (Step.Write write : writes) {
            versions.computeIfAbsent(write.page(), page -> pages.version(page) + 1);
        }
        List<Reply.Committed.Version> committed = new ArrayList<>(versions.size());
        versions.forEach((page, version) -> committed.add(new Reply.Committed.Version(page, version)));
        writes.forEach(write -> write.bytes().mark());
        beginAll(versions.keySet());
        try {
            versions.keySet().forEach(changes::add);
            putAll(writes);
            endAll(committed);
            return committed;
        } catch (RuntimeException | Error fault) {
            // As in PageChange: bytes may be there, so all are. Once a page has ended, all bytes of all of them are.
            if (committed.stream().allMatch(page -> PageChange.isBegun(pages, page.page()))) {
                writes.forEach(write -> write.bytes().reset());
                putAll(writes);
            }
            endAll(committed.stream()
                    .filter(page -> PageChange.isBegun(pages, page.page()))
                    .toList());
            throw fault;
        }
    }

    private void putAll(List<Step.Write> writes) {
        for (Step.Write write : writes) {
            pages.write(write.page(), write.offset(), write.bytes());
        }
    }

    private void endAll(List<Reply.Committed.Version> changed) {
        for (Reply.Committed.Version page : changed) {
            pages.endWrite(page.page(), page.version());
        }
    }

    /** Begins all or, where one cannot be, none. */
    private void beginAll(Collection<Long> changed) {
        List<Long> begun = new ArrayList<>(changed.size());
        try {
            for (Long page : changed) {
                PageChange.begin(pages, page);
                begun.add(page);
            }
        } catch (RuntimeException | Error e) {
            begun.forEach(pages::abandonWrite);
            throw e;
        }
    }

    private void releaseLocks(Session session, Request.Transact transact) {
        for (Step step : transact.steps()) {
            Holder holder = step instanceof Step.Release ? shown(session, step) : null;
            if (holder != null) {
                lines.release(session, holder);
            }
        }
    }
}
