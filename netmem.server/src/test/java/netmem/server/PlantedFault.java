package netmem.server;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import netmem.server.memory.PageMemory;

/** The program, or a server, in which something is about to go wrong; run in a process of its own. */
final class PlantedFault {
    /** Connections beyond connections-max have a line written here, on the event loop that accepted them. */
    private static final Logger LINE_ON_A_LOOP = Logger.getLogger("netmem.server.net.ProtocolSelector");

    /** What a task throws has a line written here; what writing it throws ends the event loop. */
    private static final Logger LAST_RESORT = Logger.getLogger("io.netty.util.concurrent.AbstractEventExecutor");

    private PlantedFault() {}

    /**
     * Runs it.
     *
     * @param arguments which fault, then the program's own: {@code loop-N}: event loop N ends when it has a line to
     *     write; {@code thread}: any other thread ends, when standard input has a line; {@code memory}: a server
     *     whose memory is taken away at the first line of standard input, and which is closed at the second
     */
    public static void main(String[] arguments) throws Exception {
        String fault = arguments[0];
        if (fault.equals("memory")) {
            loseMemory();
            return;
        }
        if (fault.equals("thread")) {
            Thread.ofPlatform().daemon().name("netmem-planted").start(PlantedFault::endAtALine);
        } else {
            plantInLoop(fault.replace("loop-", "-"));
        }
        Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void endAtALine() {
        try {
            lines().readLine();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        throw new LinkageError("planted");
    }

    private static BufferedReader lines() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    private static void plantInLoop(String threadNameEnd) {
        AtomicBoolean planted = new AtomicBoolean();
        LINE_ON_A_LOOP.setFilter(_ -> {
            EventExecutor loop = ThreadExecutorMap.currentExecutor();
            if (loop != null
                    && Thread.currentThread().getName().endsWith(threadNameEnd)
                    && planted.compareAndSet(false, true)) {
                loop.execute(() -> {
                    throw new LinkageError("planted");
                });
            }
            return false;
        });
        LAST_RESORT.setFilter(_ -> {
            throw new LinkageError("planted too");
        });
    }

    private static void loseMemory() throws Exception {
        ServerLogging.prepare(Level.WARNING);
        try (NetMemServer server =
                NetMemServer.builder().pages(4).listen("127.0.0.1", 0).start()) {
            System.out.println(
                    "READY " + server.uri() + " pid=" + ProcessHandle.current().pid());
            BufferedReader lines = lines();
            lines.readLine();
            pagesOf(server).close();
            System.out.println("LOST");
            lines.readLine();
        }
    }

    private static PageMemory pagesOf(NetMemServer server) throws ReflectiveOperationException {
        return (PageMemory) field(server, "pages");
    }

    /** The event loops of a server of this JVM: the first has the engine's timer, the second the acceptor. */
    static List<EventExecutor> loops(NetMemServer server) throws ReflectiveOperationException {
        List<EventExecutor> loops = new ArrayList<>();
        ((EventExecutorGroup) field(field(server, "listener"), "loops")).forEach(loops::add);
        return loops;
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }
}
