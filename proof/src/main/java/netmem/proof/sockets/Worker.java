package netmem.proof.sockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import netmem.client.NetMem;

/**
 * A program that runs a random load through one client and writes its history to a file, until it is told to stop, or is
 * killed. On standard input: a line to stop the load, answered by "stopped"; then the final versions of the pages, which its
 * watch has some time to tell.
 */
public final class Worker {
    private static final Duration TOLD_LIMIT = Duration.ofSeconds(20);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(60);
    private static final Duration DEADLINE = Duration.ofMillis(1_500);

    private Worker() {}

    /** What the program does when the server's memory was lost. */
    enum Manner {
        /** Nothing: it has not heard of that, and goes on as before. */
        STAYS,
        /** It ends what it is at, says that it knows, and begins anew. */
        RENEWS,
        /** The same, where it is called for that. */
        IS_CALLED
    }

    /**
     * Runs the load.
     *
     * @param arguments address, number of the client, seed, threads, pages, lease in milliseconds, file, manner
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int number = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        int pages = Integer.parseInt(arguments[4]);
        try (FileOutputStream file = new FileOutputStream(Path.of(arguments[6]).toFile());
                NetMem mem = NetMem.builder(arguments[0])
                        .deadline(CONNECT_LIMIT)
                        .lease(Duration.ofMillis(Long.parseLong(arguments[5])))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                        .connect()) {
            Load first = new Load(new RecordedClient(mem.within(DEADLINE), new Recorder(file), number), pages);
            CompletableFuture<Load> next = new CompletableFuture<>();
            int threads = Integer.parseInt(arguments[3]);
            first.start(threads, seed);
            switch (Manner.valueOf(arguments[7])) {
                case STAYS -> next.complete(first);
                case RENEWS ->
                    Thread.ofPlatform().daemon().start(() -> {
                        stopWhenLost(first);
                        mem.renew();
                        begin(first, threads, seed, next);
                    });
                case IS_CALLED -> {
                    mem.onMemoryLost(_ -> stopWhenLost(first));
                    Thread.ofPlatform().daemon().start(() -> {
                        stopWhenLost(first);
                        begin(first, threads, seed, next);
                    });
                }
            }
            System.out.println("started");
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            if (input.readLine() == null) {
                return;
            }
            Load load = next.join();
            load.stop();
            System.out.println("stopped");
            String versions = input.readLine();
            boolean told = load.awaitTold(versions == null ? List.of() : numbers(versions), TOLD_LIMIT);
            System.out.println(told ? "told" : "not told");
        }
    }

    private static void stopWhenLost(Load load) {
        try {
            load.awaitLost();
            load.stop();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void begin(Load lost, int threads, long seed, CompletableFuture<Load> next) {
        Load load = lost.inNextMemory();
        load.start(threads, ~seed);
        next.complete(load);
    }

    private static List<Long> numbers(String text) {
        return Arrays.stream(text.split(" ", -1)).map(Long::valueOf).toList();
    }
}
