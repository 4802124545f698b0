package netmem.proof.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Loads NetMem and the simulation anew, the client {@linkplain Redirection redirected}, and some classes as given: those
 * with a planted bug. Shared.
 */
public final class WorldLoader extends ClassLoader {
    private static final String OURS = "netmem.";
    private static final String CLIENT = "netmem.client.";
    private static final Map<String, byte[]> REDIRECTED = new ConcurrentHashMap<>();

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> changed;

    /** Loads these classes, compiled, in place of those on the class path. */
    public WorldLoader(Map<String, byte[]> changed) {
        super(WorldLoader.class.getClassLoader());
        this.changed = Map.copyOf(changed);
    }

    /** The simulation in this loader: a seed and whether to trace, to what happened. */
    public BiFunction<Long, Boolean, Map<String, Object>> simulation() {
        return run("netmem.proof.simulation.SimulationRun");
    }

    /** Another one that takes a seed and tells what happened. */
    @SuppressWarnings("unchecked") // what it implements is written in its source
    public BiFunction<Long, Boolean, Map<String, Object>> run(String type) {
        try {
            return (BiFunction<Long, Boolean, Map<String, Object>>)
                    loadClass(type).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type, e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : ours(name);
        }
    }

    private Class<?> ours(String name) throws ClassNotFoundException {
        byte[] given = changed.get(name);
        byte[] bytes;
        if (!name.startsWith(CLIENT)) {
            bytes = given != null ? given : read(name);
        } else if (given != null) {
            bytes = Redirection.of(given);
        } else {
            bytes = REDIRECTED.get(name);
            if (bytes == null) {
                bytes = Redirection.of(read(name));
                REDIRECTED.put(name, bytes);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (@Nullable InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
