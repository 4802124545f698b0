package netmem.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Hands the signals that ask a program to stop to a handler. Pure, but for the process's signal handlers.
 *
 * <p>A JVM that is left alone runs its shutdown hooks at such a signal and exits with 128 + its number, and it is deaf to a second one. The JDK's
 * own {@code sun.misc.Signal} changes that; it is exported by jdk.unsupported, but javac warns of its name and cannot be told not to,
 * so it is reached by reflection.
 */
final class StopSignals {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private StopSignals() {}

    /** Calls the handler with the number of each such signal from now on, on a thread of the JVM. A signal that the process was started to ignore stays ignored. */
    static void handle(IntConsumer handler) {
        try {
            for (Map.Entry<String, Integer> signal : NUMBERS.entrySet()) {
                handle(signal.getKey(), () -> handler.accept(signal.getValue()));
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
            System.getLogger(StopSignals.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "SIG{0} keeps the JVM''s handling: {1}",
                            name,
                            e.getCause().getMessage());
        }
    }
}
