package netmem.server.net;

import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Notices what connections log as their own fault. Shared. */
final class InternalErrors implements AutoCloseable {
    static {
        // The module under test has no need of java.logging; this test of it has.
        InternalErrors.class
                .getModule()
                .addReads(ModuleLayer.boot().findModule("java.logging").orElseThrow());
    }

    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
    private final Logger logger = Logger.getLogger(Connection.class.getName());

    InternalErrors() {
        logger.setFilter(entry -> {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                first.compareAndSet(null, new AssertionError(entry.getMessage(), entry.getThrown()));
            }
            return true;
        });
    }

    @Nullable
    Throwable first() {
        return first.get();
    }

    @Override
    public void close() {
        logger.setFilter(null);
    }
}
