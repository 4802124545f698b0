package netmem.samples.counter;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.Locale;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.client.PageLock;

/** Adds 1 to the first word of page 1, many times, while other processes do the same. Nothing is lost. */
public final class Counter {
    private static final long PAGE = 1;

    /** The two ways to change what others change too. */
    private enum Way {
        /** Keep the others out: best when many want the same page. */
        LOCK {
            @Override
            void addOne(NetMem mem) {
                try (PageLock lock = mem.lock(PAGE)) {
                    lock.buffer().putLong(0, lock.buffer().getLong(0) + 1);
                    lock.commit();
                }
            }
        },
        /** Try, and begin again from the newer page when somebody was faster: best when others are rare. */
        COMPARE {
            @Override
            void addOne(NetMem mem) {
                Versioned page = mem.read(PAGE);
                while (true) {
                    switch (mem.compareAndUpdate(page, increased(page))) {
                        case UpdateResult.Updated _ -> {
                            return;
                        }
                        case UpdateResult.Stale(Versioned current) -> page = current;
                    }
                }
            }
        };

        abstract void addOne(NetMem mem);
    }

    private Counter() {}

    private static byte[] increased(Versioned page) {
        ByteBuffer copy = ByteBuffer.wrap(page.bytes()).order(LITTLE_ENDIAN);
        return copy.putLong(0, copy.getLong(0) + 1).array();
    }

    public static void main(String[] args) {
        if (args.length != 3 || !args[1].matches("lock|compare") || !args[2].matches("[0-9]{1,9}")) {
            System.err.println("usage: Counter netmem://HOST:PORT lock|compare TIMES (TIMES: 0 to 999999999)");
            System.exit(2);
        }
        Way way = Way.valueOf(args[1].toUpperCase(Locale.ROOT));
        int times = Integer.parseInt(args[2]);
        try (NetMem mem = NetMem.connect(args[0])) {
            for (int i = 0; i < times; i++) {
                way.addOne(mem);
            }
            System.out.println(mem.read(PAGE).buffer().getLong(0));
        }
    }
}
