package netmem.proof.history;

import java.util.List;
import java.util.Map;

/** A history made by hand, a line an operation. Confined to one test. */
final class Story {
    final History history = new History();
    private long id;

    static Seen saw(long page, long version, long value) {
        return new Seen(page, version, value);
    }

    static Made made(long page, long version, long value) {
        return new Made(page, version, value);
    }

    Story read(int client, long begin, long end, Seen... seen) {
        return add(client, "read", begin, end, Fate.DONE, List.of(seen), List.of(), 0);
    }

    Story write(int client, long begin, long end, Made... made) {
        return add(client, "write", begin, end, Fate.DONE, List.of(), List.of(made), 0);
    }

    Story change(int client, long begin, long end, List<Seen> seen, Made... made) {
        return add(client, "change", begin, end, Fate.DONE, seen, List.of(made), 0);
    }

    Story unknown(int client, long begin, List<Seen> required, Made... made) {
        return add(client, "write", begin, Long.MAX_VALUE, Fate.UNKNOWN, required, List.of(made), 0);
    }

    Story without(int client, long begin, long end, Made... made) {
        return add(client, "write", begin, end, Fate.NO_EFFECT, List.of(), List.of(made), 0);
    }

    Story commit(int client, long begin, long end, long token, Seen seen, Made made) {
        return add(client, "commit", begin, end, Fate.DONE, List.of(seen), List.of(made), token);
    }

    Story exclusive(int client, long page, long token, long granted, long heldUntil) {
        history.add(new Grant(client, page, Grant.Mode.EXCLUSIVE, token, granted, heldUntil));
        return this;
    }

    Story shared(int client, long page, long token, long granted, long heldUntil) {
        history.add(new Grant(client, page, Grant.Mode.SHARED, token, granted, heldUntil));
        return this;
    }

    Story watched(int client, long page, long version, long nanos) {
        history.add(new Watched(client, page, version, nanos));
        return this;
    }

    Story unwatched(int client, long page, long nanos) {
        history.add(new Unwatched(client, page, nanos));
        return this;
    }

    Story notified(int client, long page, long version, long nanos) {
        history.add(new Notified(client, page, version, nanos));
        return this;
    }

    private Story add(
            int client, String what, long begin, long end, Fate fate, List<Seen> seen, List<Made> made, long token) {
        history.add(new Operation(client, ++id, what, begin, end, fate, seen, made, token));
        return this;
    }

    List<String> all() {
        return history.violations(Map.of());
    }
}
