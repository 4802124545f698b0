package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Grant;
import netmem.server.engine.EngineModelPages.Outcome;
import netmem.server.engine.EngineModelPages.Page;
import netmem.server.engine.EngineModelPages.Want;
import org.jspecify.annotations.Nullable;

/** Transactions of {@link EngineModel}, whose writes and reads are of a page's number or of its word. Confined to the test's thread. */
final class EngineModelTransactions {
    private final EngineModelPages pages;

    EngineModelTransactions(EngineModelPages pages) {
        this.pages = pages;
    }

    static ByteBuffer word(long word) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, word);
    }

    private static boolean changes(Step step) {
        return step instanceof Step.Write || step instanceof Step.Atomic;
    }

    private static long token(Step step) {
        return switch (step) {
            case Step.CompareToken(long page, long token) -> token;
            case Step.Release(long page, long token) -> token;
            default -> 0;
        };
    }

    private @Nullable Grant shown(Client client, Step step) {
        return token(step) == 0 ? null : pages.page(step.page()).grantOf(client, token(step));
    }

    /** Why it need not wait; null when it may. */
    @Nullable
    Reply refusal(Client client, Outcome outcome, Request.Transact transact) {
        for (Step step : transact.steps()) {
            if (token(step) != 0 && shown(client, step) == null) {
                return run(client, outcome, transact);
            }
        }
        for (Step step : transact.steps()) {
            Grant grant = shown(client, step);
            if (grant != null
                    && grant.shared
                    && transact.steps().stream().anyMatch(other -> changes(other) && other.page() == step.page())) {
                return EngineModelPages.failed(Status.FENCED);
            }
        }
        return null;
    }

    List<Want> wants(Client client, Request.Transact transact) {
        TreeSet<Long> changed = new TreeSet<>();
        transact.steps().stream().filter(EngineModelTransactions::changes).forEach(step -> changed.add(step.page()));
        transact.steps().stream()
                .filter(step -> shown(client, step) != null)
                .forEach(step -> changed.remove(step.page()));
        return changed.stream().map(page -> new Want(pages.page(page), false)).toList();
    }

    Reply run(Client client, Outcome outcome, Request.Transact transact) {
        outcome.grants = new ArrayList<>();
        List<Reply.NotCommitted.Compare> failed = new ArrayList<>();
        for (int i = 0; i < transact.steps().size(); i++) {
            Step step = transact.steps().get(i);
            Page page = pages.page(step.page());
            if (!holds(client, step, page)) {
                outcome.grants.add(page.exclusive());
                ByteBuffer current = transact.returnCurrent() ? page.bytes() : null;
                failed.add(new Reply.NotCommitted.Compare(i, page.index, page.version, 0, current));
            }
        }
        return failed.isEmpty() ? commit(client, transact.steps()) : new Reply.NotCommitted(failed);
    }

    private boolean holds(Client client, Step step, Page page) {
        return switch (step) {
            case Step.CompareVersion(long _, long version) -> page.version == version;
            case Step.CompareBytes(long _, int offset, ByteBuffer bytes) ->
                bytes.equals(page.bytes().slice(offset, bytes.remaining()));
            case Step.CompareToken _, Step.Release _ -> shown(client, step) != null;
            default -> true;
        };
    }

    private Reply commit(Client client, List<Step> steps) {
        Map<Long, ByteBuffer> changed = new LinkedHashMap<>();
        List<Reply.Committed.Result> results = new ArrayList<>();
        for (Step step : steps) {
            Page page = pages.page(step.page());
            switch (step) {
                case Step.Read(long _, int offset, int length) ->
                    results.add(new Reply.Committed.Result(
                            page.version, page.bytes().slice(offset, length)));
                case Step.Write(long _, int offset, ByteBuffer bytes) ->
                    changed.computeIfAbsent(page.index, _ -> page.bytes()).put(offset, bytes, 0, bytes.remaining());
                case Step.Atomic(long _, int offset, var function, long operand) -> {
                    ByteBuffer now = changed.computeIfAbsent(page.index, _ -> page.bytes());
                    long old = now.getLong(offset);
                    results.add(new Reply.Committed.Result(page.version, word(old)));
                    now.putLong(offset, function.apply(old, operand));
                }
                default -> {}
            }
        }
        List<Reply.Committed.Version> versions = new ArrayList<>();
        changed.forEach((index, now) -> {
            Page page = pages.page(index);
            pages.change(page, now.getInt(0), now.getLong(EngineModelPages.WORD_OFFSET), page.version + 1);
            versions.add(new Reply.Committed.Version(index, page.version));
        });
        for (Step step : steps) {
            if (step instanceof Step.Release) {
                Page page = pages.page(step.page());
                page.holders.remove(shown(client, step));
            }
        }
        return new Reply.Committed(versions, results);
    }
}
