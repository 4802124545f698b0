package netmem.server.net;

import java.util.ArrayList;
import java.util.List;
import netmem.server.engine.Effect;

/**
 * Effects on their way to a connection, in the engine's order. Shared: its monitor is taken inside the gate, and nothing
 * inside it.
 */
final class EffectQueue {
    private final List<Effect> effects = new ArrayList<>(1);

    /** True when it is the first, so that the event loop is to be told. */
    synchronized boolean add(Effect effect) {
        effects.add(effect);
        return effects.size() == 1;
    }

    synchronized List<Effect> take() {
        List<Effect> taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }
}
