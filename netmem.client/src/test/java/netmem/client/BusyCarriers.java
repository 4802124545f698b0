package netmem.client;

import java.util.concurrent.atomic.AtomicBoolean;

/** Virtual threads that neither block nor end, so that no other one gets to run. */
final class BusyCarriers {
    private BusyCarriers() {}

    /** Begins; they end once the flag is false. */
    static AtomicBoolean start() {
        AtomicBoolean busy = new AtomicBoolean(true);
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            Thread.ofVirtual().start(() -> {
                while (busy.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        return busy;
    }
}
