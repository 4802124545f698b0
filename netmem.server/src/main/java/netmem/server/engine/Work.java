package netmem.server.engine;

import java.util.ArrayList;
import java.util.List;
import netmem.api.wire.Opcode;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import netmem.server.lock.Claim;
import netmem.server.lock.Owner;

/** What a waiting request does when its turn comes. Immutable; buffers are its own after {@link #owned}. */
sealed interface Work {
    /** The operation that it counts as. */
    Opcode opcode();

    /** The pages that it needs, each once, in rising order. */
    List<Claim> claims();

    /** Who will hold what it claims; nobody where it takes its pages for an instant only. */
    default Owner owner(Session session) {
        return Owner.NOBODY;
    }

    /** What did not happen when it waited in vain, for people. */
    default String awaited() {
        List<Claim> claims = claims();
        String more = claims.size() > 1 ? " and " + (claims.size() - 1) + " more were" : " was";
        return "page " + claims.getFirst().page() + more + " not free";
    }

    /** Bytes that it keeps while it waits. */
    default long bytes() {
        return 0;
    }

    /** Bytes that are copied when its turn comes, about. */
    default long bytesMoved(int pageLength) {
        return bytes();
    }

    /** The same with copies of all buffers that are not its own. */
    default Work owned() {
        return this;
    }

    private static List<Claim> alone(long page) {
        return List.of(new Claim(page, Claim.Mode.EXCLUSIVE));
    }

    private static Claim.Mode mode(boolean shared) {
        return shared ? Claim.Mode.SHARED : Claim.Mode.EXCLUSIVE;
    }

    /** Takes a lock. */
    record ForLock(Request.Lock request) implements Work {
        @Override
        public Opcode opcode() {
            return Opcode.LOCK;
        }

        @Override
        public List<Claim> claims() {
            return List.of(new Claim(request.page(), mode(request.shared())));
        }

        @Override
        public Owner owner(Session session) {
            return new Owner(session.key, request.handle());
        }

        @Override
        public long bytesMoved(int pageLength) {
            return request.withData() ? pageLength : 0;
        }
    }

    /** Takes several locks. */
    record ForLockMany(Request.LockMany request) implements Work {
        @Override
        public Opcode opcode() {
            return Opcode.LOCK_MANY;
        }

        /** In rising order as the request names them: no frame has them otherwise. */
        @Override
        public List<Claim> claims() {
            return request.wants().stream()
                    .map(want -> new Claim(want.page(), mode(want.shared())))
                    .toList();
        }

        @Override
        public Owner owner(Session session) {
            return new Owner(session.key, request.handle());
        }
    }

    /** Changes ranges of a page. {@code version02} is what a 0.2 client asks for, 0 for others. */
    record ForWrite(Request.Write request, int version02) implements Work {
        @Override
        public Opcode opcode() {
            return Opcode.WRITE;
        }

        @Override
        public List<Claim> claims() {
            return alone(request.page());
        }

        @Override
        public long bytes() {
            return request.data().remaining();
        }

        @Override
        public long bytesMoved(int pageLength) {
            return bytes() + (request.returnCurrent() ? pageLength : 0);
        }

        @Override
        public Work owned() {
            Request.Write copy = new Request.Write(
                    request.page(),
                    request.ifVersion(),
                    request.token(),
                    request.waitMillis(),
                    request.returnCurrent(),
                    request.ranges(),
                    PageChange.copyOf(request.data()));
            return new ForWrite(copy, version02);
        }
    }

    /** Changes a word. */
    record ForAtomic(Request.Atomic request) implements Work {
        @Override
        public Opcode opcode() {
            return Opcode.ATOMIC;
        }

        @Override
        public List<Claim> claims() {
            return alone(request.page());
        }
    }

    /** Runs a transaction; the claims are of the pages that it changes without holding their locks. */
    record ForTransact(Request.Transact request, List<Claim> claims) implements Work {
        @Override
        public Opcode opcode() {
            return Opcode.TRANSACT;
        }

        @Override
        public long bytes() {
            long bytes = 0;
            for (Step step : request.steps()) {
                bytes += 64
                        + switch (step) {
                            case Step.CompareBytes compare -> compare.bytes().remaining();
                            case Step.Write write -> write.bytes().remaining();
                            case Step.CompareVersion _,
                                    Step.CompareToken _,
                                    Step.Read _,
                                    Step.Atomic _,
                                    Step.Release _ -> 0;
                        };
            }
            return bytes;
        }

        @Override
        public long bytesMoved(int pageLength) {
            long moved = bytes();
            for (Step step : request.steps()) {
                moved += step instanceof Step.Read read ? read.length() : request.returnCurrent() ? pageLength : 0;
            }
            return moved;
        }

        @Override
        public Work owned() {
            List<Step> copies = new ArrayList<>();
            for (Step step : request.steps()) {
                copies.add(
                        switch (step) {
                            case Step.CompareBytes compare ->
                                new Step.CompareBytes(
                                        compare.page(), compare.offset(), PageChange.copyOf(compare.bytes()));
                            case Step.Write write ->
                                new Step.Write(write.page(), write.offset(), PageChange.copyOf(write.bytes()));
                            case Step.CompareVersion _,
                                    Step.CompareToken _,
                                    Step.Read _,
                                    Step.Atomic _,
                                    Step.Release _ -> step;
                        });
            }
            return new ForTransact(new Request.Transact(request.waitMillis(), request.returnCurrent(), copies), claims);
        }
    }

    /** Answers once the page is newer; claims nothing, so it stands in no line. */
    record ForNewer(Request.AwaitNewer request) implements Work {
        @Override
        public Opcode opcode() {
            return Opcode.AWAIT_NEWER;
        }

        @Override
        public List<Claim> claims() {
            return List.of();
        }

        @Override
        public String awaited() {
            return "page " + request.page() + " was not newer";
        }
    }
}
