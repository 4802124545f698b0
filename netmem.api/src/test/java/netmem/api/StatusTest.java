package netmem.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Codes of statuses and what they promise. The documents' tables are compared in ProtocolDocsTest. */
@Timeout(20)
class StatusTest {
    @Test
    void code_ofEach_isItsOwnAndFindsIt() {
        Set<Integer> codes = new HashSet<>();
        for (Status status : Status.values()) {
            assertTrue(codes.add(status.code()), () -> status + " shares a code");
            assertEquals(Optional.of(status), Status.ofCode(status.code()));
        }
    }

    @Test
    void code_unknown_findsNothing() {
        for (int code :
                new int[] {-1, 9, 15, 24, 31, 38, 47, 49, 63, 64, 65_535, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertEquals(Optional.empty(), Status.ofCode(code), () -> "code " + code);
        }
    }

    @Test
    void outcome_ofFailures_isUnknownForTwoOnly() {
        Set<Status> unknown = EnumSet.noneOf(Status.class);
        for (Status status : Status.values()) {
            if (status.outcome() == Outcome.UNKNOWN) {
                unknown.add(status);
            }
        }

        assertEquals(EnumSet.of(Status.STALE_REQUEST, Status.INTERNAL), unknown);
    }
}
