package netmem.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processors that this process may run on, and who else runs where. By taskset and chrt of util-linux; on a system
 * without them nothing can be placed. Pure value.
 *
 * @param allowed their numbers
 */
public record Processors(List<Integer> allowed) {
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final int TRIES_MAX = 20;

    /**
     * Spins at the priority that gives way to all others at once, so that its processor does not sleep, for as long as a
     * process is there.
     */
    private static final String SPIN =
            "while kill -0 $1 2>/dev/null; do i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; done";

    /** Copies the list. */
    public Processors {
        allowed = List.copyOf(allowed);
    }

    /** Those of this process now. */
    public static Processors here() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(ALLOWED)) {
                return new Processors(numbers(line.substring(ALLOWED.length()).strip()));
            }
        }
        throw new IOException(ALLOWED + " absent in /proc/self/status");
    }

    /** Of a list like {@code 0-3,8}. */
    static List<Integer> numbers(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            String[] ends = part.split("-", 2);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** Why nothing can be placed here; empty when it can. */
    public static Optional<String> absence() {
        return Programs.find("taskset").isPresent() && Programs.find("chrt").isPresent()
                ? Optional.empty()
                : Optional.of("taskset and chrt are not installed (apt-get install -y util-linux)");
    }

    /**
     * Moves all threads of a process to some of them; threads that these start later are there too. A thread that ends
     * after taskset has listed it makes taskset fail and leave the rest where it was, so it is asked again.
     */
    public void place(long pid, List<Integer> where) throws IOException {
        String list = String.join(",", where.stream().map(String::valueOf).toList());
        List<String> command = List.of("taskset", "--all-tasks", "--cpu-list", "--pid", list, Long.toString(pid));
        Optional<String> failure = Programs.failure(command);
        for (int tries = 1; failure.isPresent() && tries < TRIES_MAX && alive(pid); tries++) {
            failure = Programs.failure(command);
        }
        if (failure.isPresent()) {
            throw new IOException("taskset: " + failure.get());
        }
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Keeps them all from sleeping until what is returned has ended, or this process. */
    public List<Process> keepAwake() throws IOException {
        String self = Long.toString(ProcessHandle.current().pid());
        List<Process> spinners = new ArrayList<>();
        for (int number : allowed) {
            spinners.add(new ProcessBuilder(
                            "taskset",
                            "--cpu-list",
                            Integer.toString(number),
                            "chrt",
                            "--idle",
                            "0",
                            "sh",
                            "-c",
                            SPIN,
                            "sh",
                            self)
                    .start());
        }
        return spinners;
    }
}
