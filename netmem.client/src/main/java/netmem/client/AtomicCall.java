package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.Outcome;
import netmem.api.WordFunction;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Changes one word of a page by a function. Shared as {@link Call}. */
final class AtomicCall extends Call<AtomicCall.Answer> {
    /** What became of it. */
    sealed interface Answer {
        /**
         * It is done.
         *
         * @param version the page's version after it
         * @param old the word before it
         */
        record Done(long version, long old) implements Answer {}

        /**
         * The word has another value than the expected one.
         *
         * @param version the page's version
         * @param actual the word, or null when the server did not repeat it
         */
        record Differs(long version, @Nullable Long actual) implements Answer {}
    }

    private final long page;
    private final int offset;
    private final WordFunction function;
    private final long operand;
    private final long expected;

    AtomicCall(Deadline deadline, long page, int offset, WordFunction function, long operand, long expected) {
        super(deadline);
        this.page = page;
        this.offset = offset;
        this.function = function;
        this.operand = operand;
        this.expected = expected;
    }

    @Override
    String what() {
        return "atomic " + function + " of page " + page + " offset " + offset;
    }

    @Override
    Opcode opcode() {
        return Opcode.ATOMIC;
    }

    @Override
    Request request(Session into, long nowNanos) {
        int waitMillis = deadline().leftMillis(nowNanos);
        return new Request.Atomic(page, 0, 0, waitMillis, offset, function, operand, expected);
    }

    @Override
    void answered(Session from, Reply reply) {
        switch (reply) {
            case Reply.Fetched fetched -> succeed(new Answer.Done(fetched.version(), fetched.old()));
            case Reply.ConditionFailed failed -> differs(failed.version(), failed.current());
            default -> unexpected(reply);
        }
    }

    private void differs(long version, @Nullable ByteBuffer word) {
        if (word == null) {
            succeed(new Answer.Differs(version, null));
        } else if (word.remaining() != Long.BYTES) {
            String detail = "bytes: " + word.remaining() + " (expected: " + Long.BYTES + ")";
            fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
        } else {
            long actual = word.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong();
            succeed(new Answer.Differs(version, actual));
        }
    }
}
