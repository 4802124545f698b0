package netmem.server;

import java.util.ArrayList;
import java.util.List;
import netmem.server.config.ServerConfig;
import netmem.server.options.Settings;

/** What the program says of itself before it is ready. Pure. */
final class Banner {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Banner() {}

    static List<String> lines(NetMemServer server, Settings settings) {
        ServerConfig config = server.config();
        List<String> lines = new ArrayList<>();
        lines.add("NetMem " + ServerVersion.TEXT + " on JDK " + Runtime.version() + ", " + System.getProperty("os.name")
                + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors");
        lines.add("transport: " + server.transport());
        lines.add("address:   " + server.uri());
        lines.add("arena:     " + arena(config, server.place()));
        lines.add("clients:   " + clients(config, settings));
        MemoryPlan memory = MemoryPlan.of(config);
        lines.add("heap:      " + heap(memory.heapBytes(), memory.heapBytesMax()));
        lines.add("buffers:   at most " + size(memory.directBytesMax())
                + " of direct memory; all limits reached at once take " + size(memory.directBytes()));
        if (memory.groupBytesMax() != Long.MAX_VALUE) {
            lines.add("memory:    at most " + size(memory.bytes()) + " of arena, heap and buffers; the limit of this"
                    + " control group is " + size(memory.groupBytesMax()));
        }
        settings.notes().forEach(note -> lines.add("note:      " + note));
        lines.add("limits:");
        settings.limitLines().forEach(line -> lines.add("  " + line));
        return lines;
    }

    /**
     * Where all limits at once leave the heap little room for what comes and goes, it is no error, since they are
     * hardly reached at once; whoever raises one wants to know.
     */
    static String heap(long limitsBytes, long heapBytesMax) {
        String text = "at most " + size(heapBytesMax) + "; all limits reached at once take " + size(limitsBytes);
        return limitsBytes <= heapBytesMax / 10 * 9 ? text : text + ": TOO MUCH, raise -Xmx or lower the limits";
    }

    private static String arena(ServerConfig config, String place) {
        return config.pages() + " pages of " + config.pageLengthBytes() + " bytes, "
                + size(config.pages() * config.pageLengthBytes()) + ", " + place;
    }

    private static String size(long bytes) {
        int unit = 0;
        long rest = bytes;
        while (rest >= 1024 && unit < UNITS.length - 1) {
            rest /= 1024;
            unit++;
        }
        return (Long.bitCount(bytes) == 1 || unit == 0 ? "" : "about ") + rest + " " + UNITS[unit];
    }

    private static String clients(ServerConfig config, Settings settings) {
        if (config.token().isPresent()) {
            return "must present the credential of " + settings.authFile().orElse("the settings")
                    + "; those of NetMem 0.2 are refused";
        }
        return config.insecure()
                ? "need no credential (insecure): whoever reaches this address reads and writes the pages"
                : "need no credential: only programs on this machine reach this address";
    }
}
