package netmem.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.OptionalLong;
import netmem.bench.process.Redis;
import netmem.bench.process.ServerProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Needs redis-server; skipped, with what to install, where there is none. */
@Timeout(120)
class RedisContestantTest {
    private static final int PAGES = 8;

    @Test
    void allOperations_byBothLibraries_areDone() throws Exception {
        Redis redis = new Redis();
        assumeTrue(redis.absence().isEmpty(), () -> redis.absence().orElse(""));
        try (ServerProcess server = redis.start(PAGES, 256, 100)) {
            Target target = new Target("127.0.0.1", server.port(), PAGES, 256);
            for (LibraryContestant contestant :
                    List.of(RedisContestant.lettuce(target, () -> 0), RedisContestant.jedis(target, () -> 0))) {
                drive(contestant);
            }
            try (JedisCalls check = new JedisCalls(target, 1)) {
                checkEffects(check);
            }
        }
    }

    private static void drive(LibraryContestant contestant) {
        try (Client client = contestant.open(2)) {
            client.prepare(Mix.of(Operation.PAGE_READ));
            for (Operation operation : Operation.values()) {
                client.run(operation, 3, 1);
                client.run(operation, 3, 0);
            }
        }
    }

    /** What each of the two clients did twice is to be seen in the server. */
    private static void checkEffects(RedisCalls redis) {
        byte[] counter = redis.get(RedisWork.counter(3));
        byte[] version = redis.get(RedisWork.version(3));
        byte[] partner = redis.get(RedisWork.version(4));
        byte[] lock = redis.get(RedisWork.lock(3));
        assertEquals(OptionalLong.of(4), number(counter), "two clients, two additions each");
        assertEquals(
                OptionalLong.of(RedisWork.VERSION_FIRST + 8),
                number(version),
                "two clients, two updates and two transactions each");
        assertEquals(OptionalLong.of(RedisWork.VERSION_FIRST + 4), number(partner));
        assertTrue(lock == null, "given back");
    }

    private static OptionalLong number(byte @Nullable [] digits) {
        return digits == null ? OptionalLong.empty() : OptionalLong.of(RedisWork.number(digits));
    }
}
