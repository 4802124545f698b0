package netmem.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The processor time of a process so far, user and system, thread by thread: to the nanosecond from the scheduler's
 * accounts where the kernel shows them, else to its clock tick (10 ms). Pure value.
 */
public final class CpuTime {
    private static final long TICK_NANOS = 10_000_000;
    private static final int STATE = 2;
    private static final int UTIME = 13;
    private static final int STIME = 14;

    private final Map<String, Long> threads;

    private CpuTime(Map<String, Long> threads) {
        this.threads = threads;
    }

    /** Reads the accounts of a process now. */
    public static CpuTime of(long pid) throws IOException {
        Map<String, Long> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                try {
                    threads.put(task.getFileName().toString(), nanos(task));
                } catch (IOException e) {
                    if (Files.exists(task)) { // otherwise the thread ended meanwhile
                        throw e;
                    }
                }
            }
        }
        return new CpuTime(threads);
    }

    private static long nanos(Path task) throws IOException {
        Path schedstat = task.resolve("schedstat");
        if (Files.exists(schedstat)) {
            return Long.parseLong(Files.readString(schedstat).split(" ", 2)[0]);
        }
        String stat = Files.readString(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // the name may have blanks
        return (Long.parseLong(fields[UTIME - STATE]) + Long.parseLong(fields[STIME - STATE])) * TICK_NANOS;
    }

    /** The time spent up to {@code later} by the threads that are still there then. */
    public long nanosUntil(CpuTime later) {
        long nanos = 0;
        for (Map.Entry<String, Long> thread : later.threads.entrySet()) {
            nanos += thread.getValue() - threads.getOrDefault(thread.getKey(), 0L);
        }
        return nanos;
    }
}
