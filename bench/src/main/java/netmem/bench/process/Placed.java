package netmem.bench.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Processes where they were put, on processors that may be kept awake, until this is closed. Confined to one thread. */
public final class Placed implements AutoCloseable {
    private final Processors processors;
    private final List<Long> moved = new ArrayList<>();
    private List<Process> spinners = List.of();

    private Placed(Processors processors) {
        this.processors = processors;
    }

    /** Nothing is changed. */
    public static Placed anywhere() {
        return new Placed(new Processors(List.of()));
    }

    /** Nothing is moved, but no processor sleeps. */
    public static Placed awake() throws IOException {
        Placed placed = new Placed(Processors.here());
        placed.spinners = placed.processors.keepAwake();
        return placed;
    }

    /** This process and servers on the first processor. */
    public static Placed onOne(List<ServerProcess> servers) throws IOException {
        Processors here = Processors.here();
        return new Placed(here).move(servers, here.allowed().getFirst());
    }

    /** This process on the first processor, servers on the last, and no processor sleeps. */
    public static Placed onTwo(List<ServerProcess> servers) throws IOException {
        Placed placed = awake();
        return placed.move(servers, placed.processors.allowed().getLast());
    }

    private Placed move(List<ServerProcess> servers, int processor) throws IOException {
        try {
            for (ServerProcess server : servers) {
                move(server.pid(), processor);
            }
            move(ProcessHandle.current().pid(), processors.allowed().getFirst());
            return this;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void move(long pid, int processor) throws IOException {
        processors.place(pid, List.of(processor));
        moved.add(pid);
    }

    /** Gives everybody all processors back. */
    @Override
    public void close() throws IOException {
        spinners.forEach(Process::destroy);
        for (long pid : moved) {
            processors.place(pid, processors.allowed());
        }
    }
}
