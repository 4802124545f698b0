package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Claim;
import netmem.server.lock.Holder;
import netmem.server.memory.MemoryExhaustedException;
import netmem.server.memory.PageMemory;

/** What the operations that read and change pages do, once the engine has found that they are to be run. Confined to the engine's monitor. */
final class PageOperations {
    private final PageMemory pages;
    private final PageReads reads;
    private final Lines lines;
    private final Changes changes;
    private final LockOperations locks;
    private final Transactions transactions;

    PageOperations(PageMemory pages, ServerLimits limits, Lines lines, Changes changes, LockOperations locks) {
        this.pages = pages;
        this.reads = new PageReads(pages, limits.frameBytesMax());
        this.lines = lines;
        this.changes = changes;
        this.locks = locks;
        this.transactions = new Transactions(pages, limits, lines, changes);
    }

    Reply read(Request.Read read) {
        Reply.Failed wrong = reads.refusal(read);
        if (wrong != null) {
            return wrong;
        }
        long version = pages.version(read.page());
        return version == read.versionHeld()
                ? new Reply.NotModified(version)
                : new Reply.Data(version, PageChange.copy(pages, read.page(), read.ranges()));
    }

    Reply readMany(Request.ReadMany many) {
        Reply.Failed wrong = reads.refusal(many);
        if (wrong != null) {
            return wrong;
        }
        Reply reply = reads.read(many);
        if (reply == null) {
            throw new IllegalStateException("pages changed under the monitor");
        }
        return reply;
    }

    Answer write(Session session, long requestId, Request.Write write, long nowNanos) {
        Reply.Failed wrong = PageChange.refusal(pages, write.page(), write.ranges());
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Work.ForWrite work = new Work.ForWrite(write, 0);
        return change(session, requestId, write.page(), write.token(), work, write.waitMillis(), nowNanos);
    }

    Answer atomic(Session session, long requestId, Request.Atomic atomic, long nowNanos) {
        Reply.Failed wrong = PageChange.refusal(pages, atomic.page(), atomic.offset());
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Work.ForAtomic work = new Work.ForAtomic(atomic);
        return change(session, requestId, atomic.page(), atomic.token(), work, atomic.waitMillis(), nowNanos);
    }

    /** Does the work now where the page's locks allow it, else waits for it. */
    private Answer change(
            Session session, long requestId, long page, long token, Work work, int waitMillis, long nowNanos) {
        if (token != 0) {
            Holder holder = lines.grantOf(session, page, token);
            boolean may = holder != null && holder.mode() == Claim.Mode.EXCLUSIVE;
            return new Answer.Now(may ? perform(session, work, nowNanos) : lines.fenced(page, token, true));
        }
        return changeOpen(session, requestId, work, waitMillis, nowNanos);
    }

    private Answer changeOpen(Session session, long requestId, Work work, int waitMillis, long nowNanos) {
        return lines.isOpen(work.claims())
                ? new Answer.Now(perform(session, work, nowNanos))
                : lines.await(session, requestId, work, waitMillis, nowNanos);
    }

    /** Does what a request asked for, now that nothing stands in its way. */
    Reply perform(Session session, Work work, long nowNanos) {
        try {
            return run(session, work, nowNanos);
        } catch (MemoryExhaustedException e) {
            return PageChange.exhausted(e);
        }
    }

    private Reply run(Session session, Work work, long nowNanos) {
        return switch (work) {
            case Work.ForLock(Request.Lock lock) -> locks.grant(session, lock, nowNanos);
            case Work.ForLockMany(Request.LockMany many) -> locks.grantMany(session, many, nowNanos);
            case Work.ForWrite(Request.Write write, int version02) -> change(write, version02);
            case Work.ForAtomic(Request.Atomic atomic) -> apply(atomic);
            case Work.ForTransact(Request.Transact transact, var _) -> transactions.run(session, transact);
            case Work.ForNewer(Request.AwaitNewer await) -> new Reply.Written(pages.version(await.page()));
        };
    }

    /** Changes a page if its version is the one asked for. */
    private Reply change(Request.Write write, int version02) {
        long page = write.page();
        long current = pages.version(page);
        if (write.ifVersion() != 0 && write.ifVersion() != current) {
            return new Reply.ConditionFailed(current, write.returnCurrent() ? PageChange.whole(pages, page) : null);
        }
        long next = version02 > 0 ? Version02.after(current, version02) : current + 1;
        PageChange.apply(pages, changes, page, write.ranges(), write.data(), next);
        return new Reply.Written(next);
    }

    private Reply apply(Request.Atomic atomic) {
        long page = atomic.page();
        long current = pages.version(page);
        Ranges place = Ranges.of(atomic.offset(), Long.BYTES);
        ByteBuffer word = PageChange.copy(pages, page, place);
        long old = word.getLong(0);
        boolean conditional = atomic.function() == WordFunction.COMPARE_AND_SET;
        if ((atomic.ifVersion() != 0 && atomic.ifVersion() != current) || (conditional && old != atomic.expected())) {
            return new Reply.ConditionFailed(current, word);
        }
        ByteBuffer changed = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        changed.putLong(0, atomic.function().apply(old, atomic.operand()));
        PageChange.apply(pages, changes, page, place, changed, current + 1);
        return new Reply.Fetched(current + 1, old);
    }

    Answer transact(Session session, long requestId, Request.Transact transact, long nowNanos) {
        Reply.Failed wrong = transactions.refusal(transact);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        if (transactions.hasLostLocks(session, transact)) {
            Work vain = new Work.ForTransact(transact, List.of());
            return new Answer.Now(perform(session, vain, nowNanos));
        }
        Holder shared = transactions.sharedButChanged(session, transact);
        if (shared != null) {
            return new Answer.Now(lines.fenced(shared.page(), shared.token(), true));
        }
        Work work = new Work.ForTransact(transact, transactions.claims(session, transact));
        return changeOpen(session, requestId, work, transact.waitMillis(), nowNanos);
    }

    Answer awaitNewer(Session session, long requestId, Request.AwaitNewer await, long nowNanos) {
        Reply wrong = PageChange.refusal(pages, await.page(), Ranges.NONE);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Work.ForNewer work = new Work.ForNewer(await);
        if (Long.compareUnsigned(pages.version(await.page()), await.version()) > 0) {
            return new Answer.Now(perform(session, work, nowNanos));
        }
        return await.waitMillis() == 0
                ? new Answer.Now(new Reply.Failed(Status.TIMEOUT, 0, 0, "page " + await.page() + " is not newer"))
                : lines.awaitNewer(session, requestId, work, await.waitMillis(), nowNanos);
    }

    /** The whole-page update of a 0.2 client: it releases the page where the client itself holds it, and waits where another does. */
    Answer update02(Session session, long requestId, long page, ByteBuffer data, int version02, long nowNanos) {
        Ranges whole = Ranges.of(0, pages.pageLength());
        Reply.Failed wrong = PageChange.refusal(pages, page, whole);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Request.Write write = new Request.Write(page, 0, 0, Integer.MAX_VALUE, false, whole, data);
        Work.ForWrite work = new Work.ForWrite(write, version02);
        Holder own = lines.exclusiveOf(session, page);
        if (own == null) {
            return changeOpen(session, requestId, work, Integer.MAX_VALUE, nowNanos);
        }
        try {
            return new Answer.Now(perform(session, work, nowNanos));
        } finally {
            lines.release(session, own);
        }
    }
}
