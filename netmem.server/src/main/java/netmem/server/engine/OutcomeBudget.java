package netmem.server.engine;

import netmem.api.wire.Reply;

/** Heap taken by the recorded outcomes of all sessions, against its limit. Confined to the engine's monitor. */
final class OutcomeBudget {
    private final long bytesMax;
    private long bytes;

    OutcomeBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Counts what is taken; negative for what is given back. */
    void add(long taken) {
        bytes += taken;
    }

    long bytes() {
        return bytes;
    }

    boolean isSpent() {
        return bytes >= bytesMax;
    }

    Reply.Failed busy() {
        return Lines.busy("bytes of recorded outcomes", bytes, bytesMax);
    }
}
