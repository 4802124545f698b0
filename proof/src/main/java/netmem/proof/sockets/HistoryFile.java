package netmem.proof.sockets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.proof.history.Complaint;
import netmem.proof.history.Fate;
import netmem.proof.history.Grant;
import netmem.proof.history.History;
import netmem.proof.history.Made;
import netmem.proof.history.Notified;
import netmem.proof.history.Operation;
import netmem.proof.history.Seen;
import netmem.proof.history.Watched;

/** Reads what a {@link Recorder} wrote. What began and did not end is of unknown fate. Confined to one reading. */
final class HistoryFile {
    private final int client;
    private final boolean killed;
    private final Map<Long, Operation> operations = new LinkedHashMap<>();
    private final Map<String, Grant> grants = new HashMap<>();
    private final History history = new History();

    private HistoryFile(int client, boolean killed) {
        this.client = client;
        this.killed = killed;
    }

    /**
     * Reads a client's lines.
     *
     * @param client its number
     * @param text all lines; one without an end, of a process that was killed, does not count
     * @param killed whether the client was; then its watches need not tell the newest
     */
    static History parse(int client, String text, boolean killed) {
        HistoryFile file = new HistoryFile(client, killed);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(file::line);
        file.operations.values().forEach(file.history::add);
        file.grants.values().forEach(file.history::add);
        return file.history;
    }

    private void line(String line) {
        String[] words = line.split(" ", 7);
        switch (words[0]) {
            case "B" -> begin(words);
            case "E" -> end(words);
            case "G" -> {
                Grant.Mode mode = words[4].equals("shared") ? Grant.Mode.SHARED : Grant.Mode.EXCLUSIVE;
                long nanos = number(words[3]);
                grants.put(
                        words[1] + " " + words[2],
                        new Grant(client, number(words[1]), mode, number(words[2]), nanos, nanos));
            }
            case "H" ->
                grants.computeIfPresent(
                        words[1] + " " + words[2],
                        (key, grant) -> new Grant(
                                client,
                                grant.page(),
                                grant.mode(),
                                grant.token(),
                                grant.grantedNanos(),
                                number(words[3])));
            case "W" -> {
                if (!killed) {
                    history.add(new Watched(client, number(words[1]), number(words[2]), number(words[3])));
                }
            }
            case "N" -> history.add(new Notified(client, number(words[1]), number(words[2]), number(words[3])));
            case "C" -> history.add(new Complaint(client, number(words[1]), line));
            default -> throw new IllegalArgumentException("line: " + line + " (expected: one of Recorder's)");
        }
    }

    private void begin(String[] words) {
        long id = number(words[1]);
        operations.put(
                id,
                new Operation(
                        client,
                        id,
                        words[6],
                        number(words[2]),
                        Long.MAX_VALUE,
                        Fate.UNKNOWN,
                        seen(words[4]),
                        made(words[5]),
                        number(words[3])));
    }

    private void end(String[] words) {
        Fate fate = Fate.valueOf(words[3]);
        operations.computeIfPresent(
                number(words[1]),
                (id, begun) -> new Operation(
                        client,
                        id,
                        begun.what(),
                        begun.beginNanos(),
                        fate == Fate.UNKNOWN ? Long.MAX_VALUE : number(words[2]),
                        fate,
                        seen(words[5]),
                        made(words[6]),
                        number(words[4])));
    }

    private static List<Seen> seen(String text) {
        List<Seen> states = new ArrayList<>();
        for (String state : text.equals("-") ? new String[0] : text.split(",", -1)) {
            String[] words = state.split(":", -1);
            states.add(new Seen(number(words[0]), number(words[1]), number(words[2])));
        }
        return List.copyOf(states);
    }

    private static List<Made> made(String text) {
        List<Made> states = new ArrayList<>();
        for (String state : text.equals("-") ? new String[0] : text.split(",", -1)) {
            String[] words = state.split(":", -1);
            states.add(new Made(number(words[0]), number(words[1]), number(words[2])));
        }
        return List.copyOf(states);
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }
}
