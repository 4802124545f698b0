package netmem.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import netmem.bench.process.Floor;
import netmem.bench.process.Memcached;
import netmem.bench.process.NetMemServerKind;
import netmem.bench.process.PlainNetMemServer;
import netmem.bench.process.Redis;
import netmem.bench.process.Server;
import netmem.bench.raw.MemcachedWire;
import netmem.bench.raw.NetMemWire;
import netmem.bench.raw.OldWire;
import netmem.bench.raw.RedisWire;

/** Who can take part on this machine, and who cannot and why. Confined to one thread. */
final class Field {
    static final String FLOOR = "C floor";
    static final String NETMEM = "NetMem";
    static final String NETMEM_TWO_LOOPS = "NetMem, 2 loops";
    static final String NETMEM_OLD_WIRE = "NetMem, 0.2 wire";
    static final String REDIS = "Redis";
    static final String MEMCACHED = "memcached";

    private final Path root;
    private final Consumer<String> progress;
    private final List<Contestant> present = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final Map<String, String> versions = new LinkedHashMap<>();

    /** Looks for all of them. {@code launcher} is that of NetMem's image, {@code progress} hears what goes on. */
    Field(Path root, Path launcher, Consumer<String> progress) {
        this.root = root;
        this.progress = progress;
        Server one = netMem(launcher, 1);
        add(new Contestant(FLOOR, new Floor(root.resolve("bench/floor/floor.c"), floorProgram()), new OldWire()));
        add(new Contestant(NETMEM, one, new NetMemWire()));
        add(new Contestant(NETMEM_TWO_LOOPS, netMem(launcher, 2), new NetMemWire()));
        add(new Contestant(NETMEM_OLD_WIRE, one, new OldWire()));
        add(new Contestant(REDIS, new Redis(), new RedisWire()));
        add(new Contestant(MEMCACHED, new Memcached(), new MemcachedWire()));
        if (one instanceof PlainNetMemServer) {
            skipped.add("NetMem's image: " + launcher + " is not there; its server ran from the jars");
        }
    }

    private static Server netMem(Path launcher, int eventLoops) {
        return Files.isExecutable(launcher)
                ? new NetMemServerKind(NETMEM, launcher, eventLoops)
                : new PlainNetMemServer(NETMEM, eventLoops);
    }

    private Path floorProgram() {
        try {
            Path folder = root.resolve("bench/target");
            return Files.isDirectory(folder)
                    ? folder.resolve("floor")
                    : Files.createTempDirectory("netmem-floor").resolve("floor");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Contestant contestant) {
        contestant.server().absence().ifPresentOrElse(why -> skipped.add(contestant.name() + ": " + why), () -> {
            present.add(contestant);
            versions.put(contestant.server().name(), contestant.server().version());
        });
    }

    /** Those that can take part, of these names, in this order. */
    List<Contestant> of(String... names) {
        List<Contestant> some = new ArrayList<>();
        for (String name : names) {
            present.stream()
                    .filter(contestant -> contestant.name().equals(name))
                    .forEach(some::add);
        }
        return some;
    }

    /** The work tree. */
    Path root() {
        return root;
    }

    /** Tells what is measured now. */
    void begins(String what) {
        progress.accept(what);
    }

    /** Adds what else could not be measured. */
    void skip(String what) {
        skipped.add(what);
    }

    List<String> skipped() {
        return skipped;
    }

    Map<String, String> versions() {
        return versions;
    }
}
