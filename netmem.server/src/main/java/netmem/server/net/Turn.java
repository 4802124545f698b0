package netmem.server.net;

/**
 * How long a connection may run what it has received before it gives way: so one client with many requests on their way
 * holds up neither the others of its event loop nor, by the gate, all. Confined to its event loop.
 *
 * <p>Not while memory for incoming bytes is short: what is left over at the end of a turn would take of it.
 */
final class Turn {
    private static final long NANOS = 1_000_000;

    /** The clock is looked at once for so many frames that are plain reads and writes, and after each other one. */
    private static final int FRAMES_A_LOOK = 8;

    private final EngineGate gate;
    private final IncomingBudget budget;
    private long beganNanos;
    private int frames;
    private boolean look;
    private boolean over;

    Turn(Service service) {
        this.gate = service.gate();
        this.budget = service.incomingBudget();
    }

    void begin(long nowNanos) {
        beganNanos = nowNanos;
        over = false;
    }

    /** The frame that is run may take long. */
    void lookAfterThis() {
        look = true;
    }

    /** Counts a frame; true when it was the last one of this turn, with more to run perhaps. */
    boolean endsWithThis() {
        look |= ++frames % FRAMES_A_LOOK == 0;
        over = look && gate.now() - beganNanos > NANOS && !budget.isLacking();
        look = false;
        return over;
    }

    /** Whether it ended with more to run; the connection goes on once the event loop has looked after others. */
    boolean isOver() {
        return over;
    }
}
