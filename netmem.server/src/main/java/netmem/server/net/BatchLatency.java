package netmem.server.net;

import netmem.server.latency.Recorder;

/**
 * How long the operations of a batch took, from the arrival of its bytes until its replies are sent; so the clock is asked once for all operations of one kind that follow each other. Confined to
 * the connection's event loop.
 */
final class BatchLatency {
    private final Recorder latencies;
    private final EngineGate clock;
    private int opcode;
    private int count;

    BatchLatency(Recorder latencies, EngineGate clock) {
        this.latencies = latencies;
        this.clock = clock;
    }

    /** Counts an operation of the batch that came at this time. */
    void ran(int ranOpcode, long batchNanos) {
        if (ranOpcode != opcode) {
            end(batchNanos);
            opcode = ranOpcode;
        }
        count++;
    }

    /** The replies of the batch that came at this time are about to be sent. */
    void end(long batchNanos) {
        if (count > 0) {
            latencies.record(opcode, clock.now() - batchNanos, count);
            count = 0;
        }
    }
}
