package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import netmem.api.WordFunction;

/**
 * The steps of a TRANSACT: a count, then for each a kind, its page, and what the kind has. Pure.
 *
 * <pre>
 *   | kind u8 | page u64 | ...
 *     1 compare version   version u64
 *     2 compare token     token u64
 *     3 compare bytes     offset u32, length u32, bytes
 *     4 read              offset u32, length u32
 *     5 write             offset u32, length u32, bytes
 *     6 atomic            offset u32, function u8, operand u64
 *     7 release           token u64
 * </pre>
 */
final class StepCodec {
    private static final int COMPARE_VERSION = 1;
    private static final int COMPARE_TOKEN = 2;
    private static final int COMPARE_BYTES = 3;
    private static final int READ = 4;
    private static final int WRITE = 5;
    private static final int ATOMIC = 6;
    private static final int RELEASE = 7;

    private static final int HEAD_BYTES = 9;
    private static final int STEP_BYTES_MIN = HEAD_BYTES + 8;

    private StepCodec() {}

    static int bytes(List<Step> steps) {
        int bytes = 4;
        for (Step step : steps) {
            bytes += HEAD_BYTES
                    + switch (step) {
                        case Step.CompareVersion _, Step.CompareToken _, Step.Release _, Step.Read _ -> 8;
                        case Step.CompareBytes compare -> 8 + compare.bytes().remaining();
                        case Step.Write write -> 8 + write.bytes().remaining();
                        case Step.Atomic _ -> 13;
                    };
        }
        return bytes;
    }

    static void put(ByteBuffer out, List<Step> steps) {
        out.putInt(steps.size());
        for (Step step : steps) {
            switch (step) {
                case Step.CompareVersion(long page, long version) ->
                    head(out, COMPARE_VERSION, page).putLong(version);
                case Step.CompareToken(long page, long token) ->
                    head(out, COMPARE_TOKEN, page).putLong(token);
                case Step.CompareBytes(long page, int offset, ByteBuffer bytes) -> {
                    head(out, COMPARE_BYTES, page).putInt(offset).putInt(bytes.remaining());
                    BodyWriter.bytes(out, bytes);
                }
                case Step.Read(long page, int offset, int length) ->
                    head(out, READ, page).putInt(offset).putInt(length);
                case Step.Write(long page, int offset, ByteBuffer bytes) -> {
                    head(out, WRITE, page).putInt(offset).putInt(bytes.remaining());
                    BodyWriter.bytes(out, bytes);
                }
                case Step.Atomic(long page, int offset, WordFunction function, long operand) ->
                    head(out, ATOMIC, page)
                            .putInt(offset)
                            .put((byte) function.code())
                            .putLong(operand);
                case Step.Release(long page, long token) ->
                    head(out, RELEASE, page).putLong(token);
            }
        }
    }

    private static ByteBuffer head(ByteBuffer out, int kind, long page) {
        return out.put((byte) kind).putLong(page);
    }

    static List<Step> read(BodyReader body) throws MalformedFrameException {
        int count = body.entries("steps", WireLimits.STEPS_MAX, STEP_BYTES_MIN);
        List<Step> steps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            steps.add(step(body));
        }
        return steps;
    }

    private static Step step(BodyReader body) throws MalformedFrameException {
        int kind = body.u8("kind of step");
        long page = body.i64("page");
        return switch (kind) {
            case COMPARE_VERSION -> new Step.CompareVersion(page, body.i64("version"));
            case COMPARE_TOKEN -> new Step.CompareToken(page, body.i64("token"));
            case COMPARE_BYTES -> new Step.CompareBytes(page, body.i32("offset"), body.counted("bytes"));
            case READ -> new Step.Read(page, body.i32("offset"), body.i32("length"));
            case WRITE -> new Step.Write(page, body.i32("offset"), body.counted("bytes"));
            case ATOMIC -> atomic(page, body);
            case RELEASE -> new Step.Release(page, body.i64("token"));
            default -> throw MalformedFrameException.of("kind of step", kind, RELEASE, "1 to");
        };
    }

    private static Step atomic(long page, BodyReader body) throws MalformedFrameException {
        int offset = body.i32("offset");
        WordFunction function = function(body);
        if (function == WordFunction.COMPARE_AND_SET) {
            throw MalformedFrameException.of("function in a step", function.code(), WordFunction.SWAP.code(), "<=");
        }
        return new Step.Atomic(page, offset, function, body.i64("operand"));
    }

    static WordFunction function(BodyReader body) throws MalformedFrameException {
        int code = body.u8("function");
        return WordFunction.ofCode(code)
                .orElseThrow(() ->
                        MalformedFrameException.of("function", code, WordFunction.COMPARE_AND_SET.code(), "1 to"));
    }
}
