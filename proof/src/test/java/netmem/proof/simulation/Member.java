package netmem.proof.simulation;

import java.util.ArrayList;
import java.util.List;
import netmem.client.NetMem;
import org.jspecify.annotations.Nullable;

/** One client process: a NetMem client, and the users that call it. Confined to its world. */
final class Member {
    final Scenario scenario;
    final Process process;
    final int number;
    private final List<Task> users = new ArrayList<>();
    private final List<Watching> watches = new ArrayList<>();
    private final int usersCount;
    private @Nullable NetMem mem;
    private long lastWord;
    private int knownIncarnation;
    private int open;

    Member(Scenario scenario, int number) {
        World world = scenario.world;
        this.scenario = scenario;
        this.number = number;
        long[] rates = {
            0, Scenario.RATE_MAX, -Scenario.RATE_MAX, world.random.nextLong(-Scenario.RATE_MAX, Scenario.RATE_MAX)
        };
        this.process = new Process(world, number, "client " + number, rates[world.random.nextInt(rates.length)]);
        this.usersCount = 1 + world.random.nextInt(3);
    }

    /** Whether its client goes on in another memory by itself; the others must be told. */
    boolean follows() {
        return number % 2 == 0;
    }

    /** Its client has its first session: the program knows no memory that comes later. */
    void connected() {
        knownIncarnation = scenario.truth.incarnation();
    }

    /** Its client failed a call for the memory that was lost: the program says that it knows of all there was until now. */
    void renew(NetMem client) {
        if (!follows()) {
            knownIncarnation = scenario.truth.incarnation();
            client.renew();
            scenario.count("renew");
        }
    }

    /** A call was answered with a page of this memory. */
    void answered(String what, long incarnation) {
        if (!follows() && incarnation > knownIncarnation) {
            scenario.world.violation("memory lost in silence: " + what + " brought a page of memory " + incarnation
                    + " (expected: <= " + knownIncarnation + ", which the program knows)");
        }
    }

    /** Connects, and begins to use it. */
    void start() {
        scenario.world.task(process, "begin", this::begin).start();
    }

    private void begin() {
        NetMem client = scenario.connect(this);
        if (client == null) {
            return;
        }
        mem = client;
        open = usersCount;
        if (scenario.world.random.nextInt(3) > 0) {
            watch(client);
        }
        for (int i = 0; i < usersCount; i++) {
            User user = new User(this, client);
            Task task = scenario.world.task(process, "user " + i, () -> {
                user.run();
                open--;
            });
            users.add(task);
            task.start();
        }
    }

    /** Watches some pages, all the time. */
    private void watch(NetMem client) {
        long first = scenario.world.random.nextInt(scenario.pages);
        Watching watching = new Watching(this, first, 1 + scenario.world.random.nextLong(scenario.pages - first));
        if (new User(this, client).call("watch", _ -> watching.open(client))) {
            watches.add(watching);
        }
    }

    List<Watching> watches() {
        return watches;
    }

    /** Interrupts one of its users. */
    void interrupt() {
        if (!users.isEmpty()) {
            users.get(scenario.world.random.nextInt(users.size())).interrupt();
        }
    }

    boolean isDone() {
        return process.isDead() || open == 0;
    }

    boolean isBegun() {
        return mem != null;
    }

    /** What still runs, for people. */
    List<Task> unfinished() {
        return users.stream().filter(task -> !task.isDone()).toList();
    }

    long freshWord() {
        return Words.unique(number, ++lastWord);
    }

    /** One that is written over another as a whole, even where only what differs is sent. */
    long freshWord(long over) {
        long word = freshWord();
        return Words.differAtBothEnds(word, over) ? word : freshWord(over);
    }

    /** Says goodbye, in a task of its own. */
    void close() {
        NetMem client = mem;
        if (client != null && !process.isDead()) {
            scenario.world.task(process, "close", client::close).start();
        }
    }
}
