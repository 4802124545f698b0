package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/** What each operation on one page does, and each on locks, once the engine has found that it is to be run. Confined to the engine's monitor. */
final class PageOperations {
    private final PageMemory pages;
    private final PageReads reads;
    private final ServerLimits limits;
    private final Lines lines;
    private final Changes changes;
    private final Transactions transactions;

    PageOperations(PageMemory pages, ServerLimits limits, Lines lines, Changes changes) {
        this.pages = pages;
        this.reads = new PageReads(pages, limits.frameBytesMax());
        this.limits = limits;
        this.lines = lines;
        this.changes = changes;
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
        Reply.Failed wrong = PageChange.refusal(pages, atomic.page(), Ranges.of(atomic.offset(), Long.BYTES));
        if (wrong == null && atomic.offset() % Long.BYTES != 0) {
            wrong = PageChange.misaligned(atomic.page(), atomic.offset());
        }
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
            return new Answer.Now(may ? perform(session, work, nowNanos) : fenced(page, token));
        }
        return lines.isOpen(work.claims())
                ? new Answer.Now(perform(session, work, nowNanos))
                : lines.await(session, requestId, work, waitMillis, nowNanos);
    }

    private Reply fenced(long page, long token) {
        return new Reply.Failed(
                Status.FENCED,
                token,
                lines.token(page),
                "token: " + token + " (expected: that of an exclusive lock which this session holds now) page=" + page);
    }

    /** Does what a request asked for, now that nothing stands in its way. */
    Reply perform(Session session, Work work, long nowNanos) {
        try {
            return run(session, work, nowNanos);
        } catch (MemoryExhaustedException e) {
            return exhausted(e);
        }
    }

    /** The host has no memory for a page's first write; nothing has changed. */
    private static Reply exhausted(MemoryExhaustedException e) {
        return new Reply.Failed(Status.BUSY, 0, 0, String.valueOf(e.getMessage()));
    }

    private Reply run(Session session, Work work, long nowNanos) {
        return switch (work) {
            case Work.ForLock(Request.Lock lock) -> grant(session, lock, nowNanos);
            case Work.ForLockMany(Request.LockMany many) -> grantMany(session, many, nowNanos);
            case Work.ForWrite(Request.Write write, int version02) -> change(write, version02);
            case Work.ForAtomic(Request.Atomic atomic) -> apply(atomic);
            case Work.ForTransact(Request.Transact transact, var _) -> transactions.run(session, transact);
            case Work.ForNewer(Request.AwaitNewer await) -> new Reply.Written(pages.version(await.page()));
        };
    }

    /** Changes a page if its version is the one asked for. */
    private Reply change(Request.Write write, int version02) {
        long current = pages.version(write.page());
        if (write.ifVersion() != 0 && write.ifVersion() != current) {
            return new Reply.ConditionFailed(current, write.returnCurrent() ? wholePage(write.page()) : null);
        }
        long next = version02 > 0 ? Version02.after(current, version02) : current + 1;
        PageChange.apply(pages, write.page(), write.ranges(), write.data(), next);
        changes.add(write.page());
        return new Reply.Written(next);
    }

    private Reply apply(Request.Atomic atomic) {
        long page = atomic.page();
        long current = pages.version(page);
        ByteBuffer word = PageChange.copy(pages, page, Ranges.of(atomic.offset(), Long.BYTES));
        long old = word.getLong(0);
        boolean conditional = atomic.function() == WordFunction.COMPARE_AND_SET;
        if ((atomic.ifVersion() != 0 && atomic.ifVersion() != current) || (conditional && old != atomic.expected())) {
            return new Reply.ConditionFailed(current, word);
        }
        ByteBuffer changed = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        changed.putLong(0, atomic.function().apply(old, atomic.operand()));
        PageChange.apply(pages, page, Ranges.of(atomic.offset(), Long.BYTES), changed, current + 1);
        changes.add(page);
        return new Reply.Fetched(current + 1, old);
    }

    private ByteBuffer wholePage(long page) {
        return PageChange.copy(pages, page, Ranges.of(0, pages.pageLength()));
    }

    Answer transact(Session session, long requestId, Request.Transact transact, long nowNanos) {
        Reply.Failed wrong = transactions.refusal(transact);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Work.ForTransact work = new Work.ForTransact(transact, transactions.claims(session, transact));
        return lines.isOpen(work.claims())
                ? new Answer.Now(perform(session, work, nowNanos))
                : lines.await(session, requestId, work, transact.waitMillis(), nowNanos);
    }

    Answer lock(Session session, long requestId, Request.Lock lock, long nowNanos) {
        return lock(session, requestId, new Work.ForLock(lock), lock.waitMillis(), nowNanos);
    }

    Answer lockMany(Session session, long requestId, Request.LockMany many, long nowNanos) {
        return lock(session, requestId, new Work.ForLockMany(many), many.waitMillis(), nowNanos);
    }

    private Answer lock(Session session, long requestId, Work work, int waitMillis, long nowNanos) {
        int wanted = session.held.size() + work.claims().size();
        if (wanted > limits.locksPerSessionMax()) {
            return new Answer.Now(Lines.busy("locks of this session", wanted, limits.locksPerSessionMax() + 1L));
        }
        for (Claim claim : work.claims()) {
            Reply wrong = PageChange.refusal(pages, claim.page(), Ranges.NONE);
            wrong = wrong != null ? wrong : alreadyLocked(session, work.handle(), claim.page());
            if (wrong != null) {
                return new Answer.Now(wrong);
            }
        }
        return lines.isOpen(work.claims())
                ? new Answer.Now(perform(session, work, nowNanos))
                : lines.await(session, requestId, work, waitMillis, nowNanos);
    }

    private @Nullable Reply alreadyLocked(Session session, long handle, long page) {
        return lines.holds(session, handle, page)
                ? new Reply.Failed(
                        Status.ALREADY_LOCKED, handle, 0, "handle " + handle + " holds page " + page + " already")
                : null;
    }

    private Reply grant(Session session, Request.Lock lock, long nowNanos) {
        long page = lock.page();
        Claim.Mode mode = lock.shared() ? Claim.Mode.SHARED : Claim.Mode.EXCLUSIVE;
        long token = lines.grant(session, new Claim(page, mode), lock.handle(), nowNanos);
        long version = pages.version(page);
        if (!lock.withData()) {
            return new Reply.Granted(token, version, Reply.Granted.Content.NONE, PageChange.NOTHING);
        }
        return version == lock.versionHeld()
                ? new Reply.Granted(token, version, Reply.Granted.Content.NOT_MODIFIED, PageChange.NOTHING)
                : new Reply.Granted(token, version, Reply.Granted.Content.FULL, wholePage(page));
    }

    private Reply grantMany(Session session, Request.LockMany many, long nowNanos) {
        List<Reply.GrantedMany.Grant> grants = new ArrayList<>();
        for (Request.LockMany.Want want : many.wants()) {
            Claim.Mode mode = want.shared() ? Claim.Mode.SHARED : Claim.Mode.EXCLUSIVE;
            long token = lines.grant(session, new Claim(want.page(), mode), many.handle(), nowNanos);
            grants.add(new Reply.GrantedMany.Grant(token, pages.version(want.page())));
        }
        return new Reply.GrantedMany(grants);
    }

    Reply unlock(Session session, Request.Unlock unlock) {
        long page = unlock.page();
        Reply.Failed wrong = PageChange.refusal(pages, page, unlock.ranges());
        if (wrong != null) {
            return wrong;
        }
        Holder holder = lines.grantOf(session, page, unlock.token());
        boolean changing = unlock.ranges().count() > 0;
        if (holder == null || (changing && holder.mode() == Claim.Mode.SHARED)) {
            return fenced(page, unlock.token());
        }
        long version = pages.version(page);
        if (changing) {
            try {
                PageChange.apply(pages, page, unlock.ranges(), unlock.data(), ++version);
            } catch (MemoryExhaustedException e) {
                return exhausted(e);
            }
            changes.add(page);
        }
        lines.release(session, holder);
        return new Reply.Written(version);
    }

    Reply lockInfo(Request.LockInfo info, Sessions sessions, long nowNanos) {
        Reply wrong = PageChange.refusal(pages, info.page(), Ranges.NONE);
        if (wrong != null) {
            return wrong;
        }
        int waiters = lines.waiting(info.page());
        List<Holder> holders = List.copyOf(lines.holders(info.page()));
        if (holders.isEmpty()) {
            return new Reply.LockState(Reply.LockState.Mode.FREE, 0, waiters, 0, 0, "");
        }
        Holder oldest = holders.getFirst();
        Session session = sessions.find(oldest.owner().session());
        return new Reply.LockState(
                oldest.mode() == Claim.Mode.EXCLUSIVE ? Reply.LockState.Mode.EXCLUSIVE : Reply.LockState.Mode.SHARED,
                holders.size(),
                waiters,
                oldest.token(),
                (nowNanos - oldest.sinceNanos()) / 1_000_000,
                session == null ? "" : session.name());
    }

    Answer awaitNewer(Session session, long requestId, Request.AwaitNewer await, long nowNanos) {
        Reply wrong = PageChange.refusal(pages, await.page(), Ranges.NONE);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Work.ForNewer work = new Work.ForNewer(await);
        long version = pages.version(await.page());
        if (Long.compareUnsigned(version, await.version()) > 0) {
            return new Answer.Now(perform(session, work, nowNanos));
        }
        return await.waitMillis() == 0
                ? new Answer.Now(new Reply.Failed(
                        Status.TIMEOUT, version, await.version() + 1, "page " + await.page() + " is not newer"))
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
        Holder own = lines.exclusiveOf(session, page);
        Work.ForWrite work = new Work.ForWrite(write, version02);
        if (own == null && !lines.isOpen(work.claims())) {
            return lines.await(session, requestId, work, Integer.MAX_VALUE, nowNanos);
        }
        Reply reply = perform(session, work, nowNanos);
        if (own != null) {
            lines.release(session, own);
        }
        return new Answer.Now(reply);
    }
}
