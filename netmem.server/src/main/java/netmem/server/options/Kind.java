package netmem.server.options;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** What the value of an option is, and how it is written. Pure. */
enum Kind {
    /** A number of things. */
    COUNT("N", "a whole number, such as 1024", ""),
    /** A number of bytes. */
    SIZE("SIZE", "bytes, or a whole number with KiB, MiB or GiB, such as 4KiB", "-bytes"),
    /** A time, in milliseconds once parsed. */
    TIME("TIME", "a whole number with its unit, ms, s, m or h, such as 10s", "-millis"),
    /** Where to listen. */
    ADDRESS("HOST:PORT", "HOST:PORT, such as 127.0.0.1:7070 or [::1]:7070", ""),
    /** The name of a file. */
    FILE("FILE", "the name of a file", ""),
    /** On or off; on the command line it has no value. */
    SWITCH("", "true or false", ""),
    /** How sockets are driven. */
    TRANSPORT("auto|epoll|nio", "auto, epoll or nio", ""),
    /** Where huge pages are used. */
    HUGE_PAGES("auto|on|off", "auto, on or off", ""),
    /** What is logged. */
    LEVEL("error|warning|info|debug", "error, warning, info or debug", "");

    private static final Map<String, Long> SIZES = new LinkedHashMap<>();
    private static final Map<String, Long> TIMES = new LinkedHashMap<>();

    static {
        SIZES.put("tib", 1L << 40);
        SIZES.put("gib", 1L << 30);
        SIZES.put("mib", 1L << 20);
        SIZES.put("kib", 1L << 10);
        SIZES.put("", 1L);
        TIMES.put("h", 3_600_000L);
        TIMES.put("m", 60_000L);
        TIMES.put("s", 1_000L);
        TIMES.put("ms", 1L);
    }

    private final String placeholder;
    private final String expected;
    private final String limitUnit;

    Kind(String placeholder, String expected, String limitUnit) {
        this.placeholder = placeholder;
        this.expected = expected;
        this.limitUnit = limitUnit;
    }

    /** What stands for the value in the help; empty for a switch. */
    String placeholder() {
        return placeholder;
    }

    /** How a value looks, for messages. */
    String expected() {
        return expected;
    }

    /** What follows the option's name in the name of its limit. */
    String limitUnit() {
        return limitUnit;
    }

    /** Reads a number in bytes, milliseconds or things; empty for what is none, or above 2^63 - 1. */
    OptionalLong number(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        Long factor = factors().get(text.substring(digits).strip().toLowerCase(Locale.ROOT));
        if (digits == 0 || factor == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Math.multiplyExact(Long.parseLong(text.substring(0, digits)), factor));
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            return OptionalLong.empty();
        }
    }

    /** Writes a number with the largest unit that leaves it whole. */
    String text(long number) {
        for (Map.Entry<String, Long> unit : factors().entrySet()) {
            if (number % unit.getValue() == 0 && number >= unit.getValue()) {
                return number / unit.getValue() + spelled(unit.getKey());
            }
        }
        return Long.toString(number);
    }

    private static String spelled(String unit) {
        return unit.endsWith("ib") ? unit.substring(0, 1).toUpperCase(Locale.ROOT) + "iB" : unit;
    }

    private Map<String, Long> factors() {
        return switch (this) {
            case SIZE -> SIZES;
            case TIME -> TIMES;
            case COUNT -> Map.of("", 1L);
            case ADDRESS, FILE, SWITCH, TRANSPORT, HUGE_PAGES, LEVEL -> Map.of();
        };
    }
}
