package netmem.server.latency;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Takes the latencies of one event loop. Confined to that loop for recording, and to the monitor of its {@link Latencies} for taking
 * them out; recording never waits for that and allocates only at the first operation of a kind.
 */
public final class Recorder {
    private final AtomicReferenceArray<SingleWriterRecorder> byKind = new AtomicReferenceArray<>(Latencies.KINDS);
    private @Nullable Histogram recycled;

    Recorder() {}

    /**
     * Counts one operation.
     *
     * @param kind code of the operation, 0 to 127
     * @param nanos how long it took; negative counts as 0, more than a minute as a minute
     */
    public void record(int kind, long nanos) {
        record(kind, nanos, 1);
    }

    /**
     * Counts operations that took the same time.
     *
     * @param kind code of the operation, 0 to 127
     * @param nanos how long each took; negative counts as 0, more than a minute as a minute
     * @param count how many, at least one
     */
    public void record(int kind, long nanos, int count) {
        SingleWriterRecorder recorder = byKind.getPlain(kind);
        if (recorder == null) {
            recorder = new SingleWriterRecorder(1, Latencies.NANOS_MAX, Latencies.DIGITS);
            // pairs with getAcquire in takeInterval: a recorder that is seen there is seen complete
            byKind.setRelease(kind, recorder);
        }
        recorder.recordValueWithCount(Math.clamp(nanos, 0, Latencies.NANOS_MAX), count);
    }

    /** Returns what was recorded since the last call, valid until the next one; null where nothing ever was. */
    @Nullable
    Histogram takeInterval(int kind) {
        // pairs with setRelease in record: the recorder is complete
        SingleWriterRecorder recorder = byKind.getAcquire(kind);
        if (recorder == null) {
            return null;
        }
        if (recycled == null) {
            recycled = new Histogram(1, Latencies.NANOS_MAX, Latencies.DIGITS);
        }
        recorder.getIntervalHistogramInto(recycled);
        return recycled;
    }
}
