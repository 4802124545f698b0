package netmem.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import netmem.api.ServerInfo;
import netmem.bench.load.CSocketContestant;
import netmem.bench.load.Contestant;
import netmem.bench.load.EchoServer;
import netmem.bench.load.Load;
import netmem.bench.load.NetMemContestant;
import netmem.bench.load.Placement;
import netmem.bench.load.RedisContestant;
import netmem.bench.load.SocketFloor;
import netmem.bench.load.Target;
import netmem.bench.process.CProgram;
import netmem.bench.process.NetMemServerKind;
import netmem.bench.process.Placed;
import netmem.bench.process.Processors;
import netmem.bench.process.Redis;
import netmem.bench.process.Server;
import netmem.bench.process.ServerProcess;
import netmem.client.NetMem;
import org.jspecify.annotations.Nullable;

/** The servers of a measurement, started for it and ended with it, and the contestants that use them. Confined to one thread. */
final class Lab implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int CONNECTIONS = 4096;
    private static final Pattern ECHO_READY = Pattern.compile("READY [^:]+:(\\d+)");

    private final Place place;
    private final int pageLengthBytes;
    private final @Nullable Target given;
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<Contestant> contestants = new ArrayList<>();
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final List<String> skipped = new ArrayList<>();
    private @Nullable ServerProcess netMem;
    private @Nullable NetMemContestant netMemContestant;

    /** Starts what is needed; whoever cannot take part here is skipped with the reason. */
    Lab(Place place, List<Who> who) throws IOException {
        this.place = place;
        String server = place.server;
        this.given = server == null ? null : asked(server);
        this.pageLengthBytes = given == null ? place.pageLengthBytes : given.pageLengthBytes();
        try {
            for (Who each : who) {
                add(each);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Target asked(String server) {
        try (NetMem mem = place.access()
                .builder(server.startsWith("netmem://") ? server : "netmem://" + server)
                .connect()) {
            ServerInfo info = mem.info();
            versions.put("NetMem server", info.version() + " at " + server);
            String[] parts = server.replace("netmem://", "").split(":", 2);
            int port = parts.length == 1 ? 7070 : Integer.parseInt(parts[1]);
            int pages = (int) Math.min(place.pages, info.pageCount());
            return new Target(parts[0], port, pages, info.pageLengthBytes());
        }
    }

    private void add(Who who) throws IOException {
        switch (who) {
            case FLOOR -> addFloor();
            case C_SOCKET -> addCSocket();
            case NETMEM -> addNetMem();
            case LETTUCE -> addRedis("Lettuce", io.lettuce.core.RedisClient.class);
            case JEDIS -> addRedis("Jedis", redis.clients.jedis.RedisClient.class);
        }
    }

    private void addFloor() throws IOException {
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                EchoServer.class.getName());
        ServerProcess echo = keep(ServerProcess.startAnnounced("echo", command, ECHO_READY));
        contestants.add(new SocketFloor(local(echo), new RunningCpu(echo)));
    }

    /** It needs the NetMem server that takes part. */
    private void addCSocket() throws IOException {
        ServerProcess server = netMem;
        if (server == null) {
            skipped.add(CSocketContestant.NAME + ": needs a NetMem server of this run (--with netmem,c-socket)");
            return;
        }
        CProgram socket = place.cSocket();
        Optional<String> absence = socket.absence();
        if (absence.isPresent()) {
            skipped.add(CSocketContestant.NAME + ": " + absence.get());
            return;
        }
        versions.put(CSocketContestant.NAME, CProgram.version());
        contestants.add(new CSocketContestant(socket.program(), local(server), new RunningCpu(server)));
    }

    private void addNetMem() throws IOException {
        if (given != null) {
            addNetMem(new NetMemContestant(given, () -> -1, place.access()));
            return;
        }
        NetMemServerKind kind = new NetMemServerKind("NetMem", place.launcher, 0);
        Optional<String> absence = kind.absence();
        if (absence.isPresent()) {
            throw new IOException(absence.get());
        }
        ServerProcess server = keep(kind.start(place.pages, pageLengthBytes, CONNECTIONS));
        versions.put("NetMem server", kind.version());
        addNetMem(new NetMemContestant(local(server), new RunningCpu(server)));
        netMem = server;
    }

    private void addNetMem(NetMemContestant contestant) {
        netMemContestant = contestant;
        contestants.add(contestant);
    }

    /** NetMem, which has to take part. */
    NetMemContestant netMem() {
        NetMemContestant contestant = netMemContestant;
        if (contestant == null) {
            throw new IllegalStateException("NetMem: takes no part");
        }
        return contestant;
    }

    private void addRedis(String library, Class<?> main) throws IOException {
        Server redis = new Redis();
        Optional<String> absence = redis.absence();
        if (absence.isPresent()) {
            skipped.add("Redis (" + library + "): " + absence.get());
            return;
        }
        ServerProcess server = keep(redis.start(place.pages, pageLengthBytes, CONNECTIONS));
        versions.put("Redis", redis.version());
        versions.put(library, version(main));
        LongSupplier cpu = new RunningCpu(server);
        contestants.add(
                library.equals("Lettuce")
                        ? RedisContestant.lettuce(local(server), cpu)
                        : RedisContestant.jedis(local(server), cpu));
    }

    /** As its manifest says, or else what Maven left in its jar. */
    private static String version(Class<?> library) throws IOException {
        String version = library.getPackage().getImplementationVersion();
        if (version != null) {
            return version;
        }
        Properties properties = new Properties();
        try (InputStream in = library.getResourceAsStream("/META-INF/maven/redis.clients/jedis/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "unknown");
    }

    private ServerProcess keep(ServerProcess server) {
        servers.add(server);
        return server;
    }

    private Target local(ServerProcess server) {
        return new Target(LOOPBACK, server.port(), pages(), pageLengthBytes);
    }

    private int pages() {
        return given == null ? place.pages : given.pages();
    }

    /** The load, without a placement where nothing can be placed. */
    Load placeable(Load load) {
        return load.placement() == Placement.ANYWHERE || Processors.absence().isEmpty()
                ? load
                : load.at(Placement.ANYWHERE);
    }

    /** Puts servers and this process where they shall be until that is closed. */
    Placed place(Placement placement) throws IOException {
        return switch (placement) {
            case ANYWHERE -> Placed.anywhere();
            case AWAKE -> Placed.awake();
            case ONE -> Placed.onOne(servers);
            case TWO -> Placed.onTwo(servers);
        };
    }

    /** Pages and their length. */
    Target target() {
        return new Target(LOOPBACK, 1, pages(), pageLengthBytes);
    }

    List<Contestant> contestants() {
        return contestants;
    }

    Map<String, String> versions() {
        return versions;
    }

    List<String> skipped() {
        return skipped;
    }

    /** Ends the servers. */
    @Override
    public void close() throws IOException {
        for (ServerProcess server : servers) {
            server.close();
        }
        servers.clear();
    }
}
