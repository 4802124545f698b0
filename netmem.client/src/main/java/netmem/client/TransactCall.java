package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import netmem.api.Fetched;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import org.jspecify.annotations.Nullable;

/** Runs steps at one instant. Their bytes are never changed by anybody. Shared as {@link Call}. */
final class TransactCall extends Call<TransactionResult> {
    private final PageCache cache;
    private final List<Step> steps;
    private final @Nullable Session ifSession;
    private final @Nullable Incarnation ifIncarnation;
    private boolean patient = true;

    /** The session is that of the locks among the steps, the incarnation that of their versions, where they have one. */
    TransactCall(
            Deadline deadline,
            PageCache cache,
            List<Step> steps,
            @Nullable Session ifSession,
            @Nullable Incarnation ifIncarnation) {
        super(deadline);
        this.cache = cache;
        this.steps = List.copyOf(steps);
        this.ifSession = ifSession;
        this.ifIncarnation = ifIncarnation;
    }

    /** Does not wait for others' locks: where there is one, it is refused without a failed compare. */
    TransactCall impatient() {
        patient = false;
        return this;
    }

    @Override
    String what() {
        return "transaction of " + steps.size() + " steps";
    }

    @Override
    Opcode opcode() {
        return Opcode.TRANSACT;
    }

    @Override
    boolean isRelease() {
        return steps.getFirst() instanceof Step.Release;
    }

    @Override
    @Nullable
    Failure misfit(Session into) {
        if (ifSession != null && ifSession != into) {
            return Failure.lockLost();
        }
        return Failure.otherMemory(ifIncarnation, into);
    }

    @Override
    Request request(Session into, long nowNanos) {
        return new Request.Transact(patient ? deadline().leftMillis(nowNanos) : 0, true, steps);
    }

    @Override
    void answered(Session from, Reply reply) {
        switch (reply) {
            case Reply.Committed committed -> committed(from, committed);
            case Reply.NotCommitted refused -> refused(from, refused);
            case Reply.Failed failed
            when !patient && (failed.status() == Status.LOCKED || failed.status() == Status.TIMEOUT) ->
                succeed(new TransactionResult.Refused(List.of()));
            default -> unexpected(reply);
        }
    }

    private void committed(Session from, Reply.Committed committed) {
        Map<Long, Long> versions = new LinkedHashMap<>();
        committed.versions().forEach(changed -> versions.put(changed.page(), changed.version()));
        List<Versioned> reads = new ArrayList<>();
        List<Fetched> words = new ArrayList<>();
        boolean complete = true;
        Iterator<Reply.Committed.Result> results = committed.results().iterator();
        for (Step step : steps) {
            int expected = resultBytes(step);
            if (expected == 0) {
                continue;
            }
            if (!results.hasNext()) {
                misshaped("results: " + committed.results().size() + " (expected: more) ");
                return;
            }
            Reply.Committed.Result result = results.next();
            ByteBuffer data = result.data();
            if (data == null) {
                complete = false;
            } else if (data.remaining() != expected) {
                misshaped("bytes: " + data.remaining() + " (expected: " + expected + ") page=" + step.page());
                return;
            } else if (step instanceof Step.Atomic) {
                long old = data.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong();
                words.add(new Fetched(old, versions.getOrDefault(step.page(), result.version())));
            } else {
                reads.add(ReadCall.copy(from, step.page(), result.version(), data));
            }
        }
        TransactionResult.Results all = new TransactionResult.Results(List.copyOf(reads), List.copyOf(words));
        succeed(new TransactionResult.Committed(
                Collections.unmodifiableMap(versions), complete ? Optional.of(all) : Optional.empty()));
    }

    /** Bytes that a step brings, 0 for steps without result. */
    private static int resultBytes(Step step) {
        return switch (step) {
            case Step.Read read -> read.length();
            case Step.Atomic _ -> Long.BYTES;
            case Step.CompareVersion _, Step.CompareBytes _, Step.CompareToken _, Step.Write _, Step.Release _ -> 0;
        };
    }

    /** The server says that it is done, but not what came out. */
    private void misshaped(String detail) {
        fail(Failure.unexpected(outcomeIfSent(), detail));
    }

    private void refused(Session from, Reply.NotCommitted refused) {
        List<TransactionResult.Compare> failed = new ArrayList<>();
        for (Reply.NotCommitted.Compare compare : refused.compares()) {
            ByteBuffer bytes = compare.current();
            Optional<Versioned> current = Optional.empty();
            if (bytes != null) {
                if (bytes.remaining() != from.pageLengthBytes()) {
                    fail(ReadCall.wrongLength(bytes.remaining(), from.pageLengthBytes()));
                    return;
                }
                Versioned copy = ReadCall.copy(from, compare.page(), compare.version(), bytes);
                cache.install(copy);
                current = Optional.of(copy);
            }
            failed.add(new TransactionResult.Compare(
                    compare.step(), compare.page(), compare.version(), compare.token(), current));
        }
        succeed(new TransactionResult.Refused(List.copyOf(failed)));
    }
}
