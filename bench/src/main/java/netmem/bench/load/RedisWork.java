package netmem.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.EnumSet;
import java.util.Set;

/**
 * How NetMem's work is done with Redis: page {@code p} is the string {@code p:p}, its version the number of eight digits
 * {@code v:p}, its counter {@code c:p}, its lock {@code l:p}. What depends on a version is a script, since a Redis without
 * one has no other way to compare and set in one round trip. Pure.
 */
final class RedisWork {
    static final Set<Operation> OPERATIONS = EnumSet.allOf(Operation.class);

    /** The first version of a page. Its digits are what a validated read brings: the eight bytes of a version. */
    static final long VERSION_FIRST = 10_000_000;

    /** After so long a lock whose owner died is free again; a NetMem lease is as long. */
    static final long LOCK_MILLIS = 10_000;

    /** Writes a page if it has the expected version: returns the new version, or minus the present one. */
    static final String COMPARE_UPDATE = """
            local version = redis.call('GET', KEYS[2])
            if version ~= ARGV[1] then return -tonumber(version) end
            redis.call('SET', KEYS[1], ARGV[2])
            return redis.call('INCR', KEYS[2])
            """;

    /** Writes the beginning of two pages if both have the expected versions: returns 1, or 0 when one differs. */
    static final String TRANSACTION = """
            if redis.call('GET', KEYS[2]) ~= ARGV[1] or redis.call('GET', KEYS[4]) ~= ARGV[2] then return 0 end
            redis.call('SETRANGE', KEYS[1], 0, ARGV[3])
            redis.call('SETRANGE', KEYS[3], 0, ARGV[3])
            redis.call('INCR', KEYS[2])
            redis.call('INCR', KEYS[4])
            return 1
            """;

    /** Gives a lock back if it is still its owner's. */
    static final String UNLOCK = """
            if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
            return 0
            """;

    private RedisWork() {}

    static byte[] page(long page) {
        return key('p', page);
    }

    static byte[] version(long page) {
        return key('v', page);
    }

    static byte[] counter(long page) {
        return key('c', page);
    }

    static byte[] lock(long page) {
        return key('l', page);
    }

    private static byte[] key(char kind, long page) {
        return bytes(kind + ":" + page);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    static long number(byte[] digits) {
        return Long.parseLong(new String(digits, US_ASCII));
    }
}
