package netmem.client;

import java.time.Duration;
import java.util.Objects;
import netmem.api.Versioned;

/** Checks of what callers give, before anything else happens. Pure. */
final class Arguments {
    private Arguments() {}

    /** An index that some server could have; which one has, the server says. */
    static long page(long page) {
        if (page < 0) {
            throw new IllegalArgumentException("page: " + page + " (expected: 0 to pages - 1)");
        }
        return page;
    }

    /** Where an aligned word begins; whether the page is that long, the server says. */
    static int word(int offset) {
        if (offset < 0 || offset % Long.BYTES != 0) {
            throw new IllegalArgumentException("offset: " + offset + " (expected: a multiple of 8, from 0)");
        }
        return offset;
    }

    static long[] pages(long[] pages) {
        for (long page : pages) {
            page(page);
        }
        return pages;
    }

    /** A page as it was read: without a version it would be no condition. */
    static Versioned base(Versioned base, String name) {
        Objects.requireNonNull(base, name);
        if (base.version() == 0) {
            throw new IllegalArgumentException(
                    name + ": version 0 (expected: a page as it was read) page=" + base.page());
        }
        return base;
    }

    /** A duration within bounds, both included. */
    static Duration within(String name, Duration value, Duration min, Duration max) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }
}
