package netmem.proof.planted;

import java.util.List;

/** The bugs that the simulation must find; some of them the histories over sockets as well. Pure. */
public final class PlantedBugs {
    private static final String ENGINE = "netmem.server.engine.";
    private static final String CLIENT = "netmem.client.";

    /** Its place is the memory: found by a read that is interleaved with a write. */
    static final PlantedBug TORN_PAGE = server(
            "torn page",
            "A copy is not compared with the version word after it was made.",
            "netmem.server.memory.VersionWords",
            "return loadAcquire(page) == word;",
            "return true;");

    /** Its place is a limit: found by one client too many. */
    static final PlantedBug UNLIMITED_LINE = server(
            "line without its limit",
            "Any number may wait for one page.",
            ENGINE + "Lines",
            "return waitingForPage >= limits.waitersPerPageMax()",
            "return waitingForPage < 0");

    /** Each of them alone; found by the simulation. */
    static final List<PlantedBug> ALL = List.of(
            server(
                    "lost wake-up",
                    "A page that comes free is not looked at, so who waits for it is not served.",
                    "netmem.server.lock.LockTable",
                    "            stirred.add(page);",
                    ""),
            server(
                    "double grant",
                    "An exclusive lock is granted although the page is held shared.",
                    "netmem.server.lock.Line",
                    "return holders.isEmpty()\n",
                    "return holders.isEmpty() || holders.firstEntry().getValue().mode() == Claim.Mode.SHARED\n"),
            server(
                    "retry run twice",
                    "What was sent again runs again: its outcome is not looked up.",
                    ENGINE + "Outcomes",
                    "return state == null ? FRESH : state;",
                    "return state instanceof Known.Waiting ? state : FRESH;"),
            server(
                    "outcome of a waiter not recorded",
                    "The outcome of a request that waited is not recorded; sent again, it waits for ever.",
                    ENGINE + "Effects",
                    "            session.outcomes.finished(waiter.requestId, waiter.work.opcode(), reply);\n",
                    ""),
            server(
                    "dropped waiter kept",
                    "Whoever was cancelled or is late stays in the line.",
                    ENGINE + "Lines",
                    "    void withdraw(Waiter waiter) {\n        locks.withdraw(waiter);",
                    "    void withdraw(Waiter waiter) {"),
            server(
                    "lease not checked at the grant",
                    "A lock is granted to a session whose lease is over.",
                    ENGINE + "Consequences",
                    "if (!waiter.session.isAlive(nowNanos)) {",
                    "if (waiter.session.isEnded()) {"),
            server(
                    "late write not fenced",
                    "A commit under a token that is over changes the page.",
                    ENGINE + "LockOperations",
                    "if (holder == null || (changing && holder.mode() == Claim.Mode.SHARED)) {",
                    """
                    if (holder == null && changing) {
                        long next = pages.version(page) + 1;
                        PageChange.apply(pages, changes, page, unlock.ranges(), unlock.data(), next);
                        return new Reply.Written(pages.version(page));
                    }
                    if (holder == null || (changing && holder.mode() == Claim.Mode.SHARED)) {
                    """),
            server(
                    "write applied although its condition fails",
                    "A write does not look at the version that it requires.",
                    ENGINE + "PageOperations",
                    "if (write.ifVersion() != 0 && write.ifVersion() != current) {",
                    "if (write.ifVersion() != 0 && current == 0) {"),
            server(
                    "transaction with one failed compare applied",
                    "A transaction is refused only where more than one compare fails.",
                    ENGINE + "Transactions",
                    "if (!failed.isEmpty()) {",
                    "if (failed.size() > 1) {"),
            server(
                    "deadlock not looked for",
                    "Nobody looks for circles when an owner begins to wait.",
                    ENGINE + "Deadlocks",
                    "return isOwnerAwaited(last) && circles(List.of(last), List.of()).contains(last);",
                    "return false;"),
            server(
                    "deadlock victim not the youngest",
                    "The oldest of a circle is told, not the youngest.",
                    ENGINE + "Deadlocks",
                    "waiter.number > youngest.number",
                    "waiter.number < youngest.number"),
            server(
                    "changes noted with the steps of a later part",
                    "A session is told of changes only once the part is over in which somebody else is served.",
                    ENGINE + "Consequences",
                    "        }\n        noteChanges();\n    }",
                    "        }\n    }"),
            server(
                    "shared granted past a waiting exclusive",
                    "A shared lock passes those who wait.",
                    "netmem.server.lock.LockTable",
                    "!(line.waiters.isEmpty() && line.admits(claim.mode()))",
                    "!line.admits(claim.mode())"),
            server(
                    "notification overtaken by a reply",
                    "A reply is sent before the notifications of what it shows.",
                    "netmem.server.net.ConnectionV1",
                    "        Answer answer = enter().execute(session, id, requestId, request, batchNanos());\n        pushChanges();\n",
                    "        Answer answer = enter().execute(session, id, requestId, request, batchNanos());\n"),
            server(
                    "wait without its limit",
                    "Who waits in vain is not told before a lease is looked at.",
                    ENGINE + "Engine",
                    "Math.min(lines.nextDeadlineNanos(), sessions.nextCheckNanos())",
                    "sessions.nextCheckNanos()"),
            server(
                    "locks of an ended session kept",
                    "A session that ends keeps its locks.",
                    ENGINE + "Consequences",
                    "            lines.release(session, holder);",
                    ""),
            client(
                    "stale fill",
                    "A commit fills the cache with its copy, although its holder has changed the page since.",
                    "RemotePageLock",
                    "if (change != null && version == version() + 1) {",
                    "if (change != null) {"),
            client(
                    "grant to a caller who gave up kept",
                    "A lock that came too late is not given back.",
                    "ClientCore",
                    "            giveBack(call, call.session(), reply, nowNanos);\n",
                    ""),
            client(
                    "no allowance for drift",
                    "Nothing is taken off the lease for clocks that run at different rates.",
                    "Lease",
                    "leaseNanos / 100 * (100 - RATE_ERROR_PERCENT)",
                    "leaseNanos"),
            client(
                    "new incarnation not told apart",
                    "What may have happened in a memory that is gone is sent again to the next.",
                    "Call",
                    "        if (perhapsDone) {\n            fail(Failure.sessionLost(why, Outcome.UNKNOWN));\n            return false;\n        }\n",
                    ""),
            client(
                    "watch asks anew without the newest",
                    "A watch on a new connection says that it has seen nothing older than the newest.",
                    "Watches",
                    "                again.add(new WatchCall(new Deadline(nowNanos, 0), watch, part, true));",
                    "                if (otherMemory) again.add(new WatchCall(new Deadline(nowNanos, 0), watch, part, true));"),
            client(
                    "watch asks anew behind what is sent again",
                    "On a new connection, what was under way goes out before the watches.",
                    "ClientCore",
                    "        first.reversed().forEach(due::addFirst);",
                    "        due.addAll(first);"),
            server(
                    "plain write past a lock",
                    "A write that is run from its frame does not look whether somebody holds the page.",
                    ENGINE + "PlainWrites",
                    "                && lines.isFree(page)\n",
                    ""),
            server(
                    "plain write at any version",
                    "A write that is run from its frame does not look at its condition.",
                    ENGINE + "PlainWrites",
                    "(required == 0 || required == current)",
                    "required >= 0"),
            server(
                    "plain write run twice",
                    "A write that is run from its frame is not recorded.",
                    ENGINE + "PlainWrites",
                    "            session.outcomes.written(requestId, version);\n",
                    ""),
            server(
                    "what waited answered before it came again",
                    "A request that waited is answered on a resumed connection though it was not sent again there.",
                    ENGINE + "Effects",
                    "session.connection != 0 && session.connection == waiter.connection",
                    "session.connection != 0"),
            client(
                    "possibly sent taken for not sent",
                    "After a lost connection, a frame that was written whole counts as not sent.",
                    "Call",
                    "        if (streamEnd <= writtenBytes) {",
                    "        if (streamEnd < 0) {"),
            client(
                    "snapshot of two instants",
                    "A transaction's body is shown a page beside another that has changed.",
                    "Snapshot",
                    "                    conflict = true;\n                    lostAt",
                    "                    lostAt"),
            client(
                    "memory lost in silence",
                    "A client goes on in another memory, although its program has not said that it knows.",
                    "MemoryLoss",
                    "if (before == null || exchange.options().followRestarts()) {",
                    "if (!now.equals(known)) {"),
            client(
                    "room not signalled",
                    "Who waits for a slot is not told when one comes free.",
                    "Exchange",
                    "            room.signal(core);",
                    ""));

    private PlantedBugs() {}

    /** The one with this name. */
    public static PlantedBug named(String name) {
        return ALL.stream()
                .filter(bug -> bug.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("planted bug: " + name + " (expected: one of " + ALL + ")"));
    }

    private static PlantedBug server(String name, String breaks, String type, String text, String replacement) {
        return new PlantedBug(name, breaks, "netmem.server", type, text, replacement);
    }

    private static PlantedBug client(String name, String breaks, String type, String text, String replacement) {
        return new PlantedBug(name, breaks, "netmem.client", CLIENT + type, text, replacement);
    }
}
