package netmem.bench.peers;

import java.util.LinkedHashMap;
import java.util.Map;
import netmem.bench.raw.RawLoad;

/** How loads are named in result files. Stateless. */
final class Loads {
    static final String WORK = "operation";
    static final String CONNECTIONS = "connections";
    static final String IN_FLIGHT = "in flight";
    static final String PAGES = "pages";
    static final String PAGE_LENGTH = "page length";

    private Loads() {}

    static Map<String, String> described(RawLoad load) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put(WORK, load.work().title());
        words.put(CONNECTIONS, Integer.toString(load.connections()));
        words.put(IN_FLIGHT, Integer.toString(load.inFlight()));
        words.put(PAGES, Integer.toString(load.pages()));
        words.put(PAGE_LENGTH, Integer.toString(load.pageLengthBytes()));
        return words;
    }
}
