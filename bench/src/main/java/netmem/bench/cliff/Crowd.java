package netmem.bench.cliff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import netmem.bench.load.Access;
import netmem.client.NetMem;
import netmem.client.PageCache;

/** The clients of a load, closed together. Confined to one thread. */
final class Crowd implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private final String address;
    private final Access access;
    private final PageCache cache = PageCache.ofBytes(16 << 20);
    private final List<NetMem> clients = new ArrayList<>();

    Crowd(String address, Access access) {
        this.address = address;
        this.access = access;
    }

    /** One more client. It waits for its turn as long as that takes. */
    NetMem client() {
        NetMem client = access.builder(address).deadline(DEADLINE).cache(cache).connect();
        clients.add(client);
        return client;
    }

    /** So many more. */
    List<NetMem> clients(int count) {
        List<NetMem> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(client());
        }
        return some;
    }

    @Override
    public void close() {
        clients.forEach(NetMem::close);
    }
}
