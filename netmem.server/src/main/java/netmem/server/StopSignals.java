package netmem.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;
import netmem.server.log.Log;

/**
 * Hands the signals that ask a program to stop, and the one that asks it to open its files anew, to handlers. Pure, but for the process's signal handlers.
 *
 * <p>A JVM that is left alone runs its shutdown hooks at such a signal and exits with 128 + its number, and it is deaf to a second one. The JDK's
 * own {@code sun.misc.Signal} changes that; it is exported by jdk.unsupported, but javac warns of its name and cannot be told not to,
 * so it is reached by reflection.
 */
final class StopSignals {
    private static final Log LOG = Log.of(StopSignals.class);

    private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15);

    private StopSignals() {}

    /**
     * Calls {@code stop} with the number of each signal that asks to stop, and {@code hangup} for SIGHUP, from now on, on threads of the JVM. A signal that the
     * process was started to ignore stays ignored.
     */
    static void handle(IntConsumer stop, Runnable hangup) {
        try {
            handle("HUP", hangup);
            for (Map.Entry<String, Integer> signal : NUMBERS.entrySet()) {
                handle(signal.getKey(), () -> stop.accept(signal.getValue()));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("signals: sun.misc.Signal of this JDK is not as known", e);
        }
    }

    private static void handle(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        // the JDK calls nothing of it but handle
        Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
            action.run();
            return null;
        });
        try {
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "SIG" + name + " keeps the JVM's handling: " + e.getCause().getMessage());
        }
    }
}
