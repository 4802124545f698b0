package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Claim;
import netmem.server.lock.Holder;
import netmem.server.lock.Owner;
import netmem.server.memory.MemoryExhaustedException;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/** What the operations on locks do, once the engine has found that they are to be run. Confined to the engine's monitor. */
final class LockOperations {
    private final PageMemory pages;
    private final ServerLimits limits;
    private final Lines lines;
    private final Changes changes;

    LockOperations(PageMemory pages, ServerLimits limits, Lines lines, Changes changes) {
        this.pages = pages;
        this.limits = limits;
        this.lines = lines;
        this.changes = changes;
    }

    Answer lock(Session session, long requestId, Request.Lock lock, long nowNanos) {
        Work work = new Work.ForLock(lock);
        return take(session, requestId, work, lock.waitMillis(), () -> grant(session, lock, nowNanos), nowNanos);
    }

    Answer lockMany(Session session, long requestId, Request.LockMany many, long nowNanos) {
        Work work = new Work.ForLockMany(many);
        return take(session, requestId, work, many.waitMillis(), () -> grantMany(session, many, nowNanos), nowNanos);
    }

    private Answer take(
            Session session, long requestId, Work work, int waitMillis, Supplier<Reply> granted, long nowNanos) {
        Owner owner = work.owner(session);
        for (Claim claim : work.claims()) {
            Reply wrong = PageChange.refusal(pages, claim.page(), Ranges.NONE);
            wrong = wrong != null ? wrong : alreadyLocked(owner, claim.page());
            if (wrong != null) {
                return new Answer.Now(wrong);
            }
        }
        int more = work.claims().size();
        Reply busy = tooManyLocks(
                "of this session", session.held.size() + session.locksAwaited, more, limits.locksPerSessionMax());
        busy = busy != null
                ? busy
                : tooManyLocks("of all sessions", lines.held() + lines.awaited(), more, limits.locksMax());
        if (busy != null) {
            return new Answer.Now(busy);
        }
        return lines.isOpen(work.claims())
                ? new Answer.Now(granted.get())
                : lines.await(session, requestId, work, waitMillis, nowNanos);
    }

    private @Nullable Reply alreadyLocked(Owner owner, long page) {
        return lines.hasOrAwaits(owner, page)
                ? new Reply.Failed(
                        Status.ALREADY_LOCKED,
                        owner.handle(),
                        0,
                        "handle " + FailureText.number(owner.handle()) + " holds page " + page
                                + " already, or waits for it")
                : null;
    }

    private static @Nullable Reply tooManyLocks(String whose, int locks, int more, int max) {
        if (locks + more <= max) {
            return null;
        }
        return Lines.exceeds("locks " + whose + ", held, waited for and asked for", (long) locks + more, max);
    }

    Reply grant(Session session, Request.Lock lock, long nowNanos) {
        long page = lock.page();
        Claim.Mode mode = lock.shared() ? Claim.Mode.SHARED : Claim.Mode.EXCLUSIVE;
        long version = pages.version(page);
        Reply.Granted.Content content = Reply.Granted.Content.NONE;
        if (lock.withData()) {
            content = version == lock.versionHeld() ? Reply.Granted.Content.NOT_MODIFIED : Reply.Granted.Content.FULL;
        }
        ByteBuffer data = content == Reply.Granted.Content.FULL ? PageChange.whole(pages, page) : PageChange.NOTHING;
        // last: what cannot be read is not granted
        long token = lines.grant(session, new Claim(page, mode), lock.handle(), nowNanos);
        return new Reply.Granted(token, version, content, data);
    }

    Reply grantMany(Session session, Request.LockMany many, long nowNanos) {
        List<Reply.GrantedMany.Grant> grants = new ArrayList<>(many.wants().size());
        try {
            for (Request.LockMany.Want want : many.wants()) {
                long version = pages.version(want.page());
                Claim.Mode mode = want.shared() ? Claim.Mode.SHARED : Claim.Mode.EXCLUSIVE;
                long token = lines.grant(session, new Claim(want.page(), mode), many.handle(), nowNanos);
                grants.add(new Reply.GrantedMany.Grant(token, version));
            }
            return new Reply.GrantedMany(grants);
        } catch (RuntimeException | Error e) {
            for (int i = 0; i < grants.size(); i++) {
                release(session, many.wants().get(i).page(), grants.get(i).token());
            }
            throw e;
        }
    }

    private void release(Session session, long page, long token) {
        Holder holder = lines.grantOf(session, page, token);
        if (holder != null) {
            lines.release(session, holder);
        }
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
            return lines.fenced(page, unlock.token(), changing);
        }
        long version;
        try {
            version = pages.version(page);
            if (changing) {
                PageChange.apply(pages, changes, page, unlock.ranges(), unlock.data(), ++version);
            }
        } catch (MemoryExhaustedException e) {
            return PageChange.exhausted(e);
        } catch (RuntimeException | Error e) {
            lines.release(session, holder); // who is told of a fault cannot know whether it has the lock
            throw e;
        }
        lines.release(session, holder);
        return new Reply.Written(version);
    }

    Reply lockInfo(Request.LockInfo info, Sessions sessions, long nowNanos) {
        Reply wrong = PageChange.refusal(pages, info.page(), Ranges.NONE);
        if (wrong != null) {
            return wrong;
        }
        int waiters = lines.waiters(info.page()).size();
        Collection<Holder> holders = lines.holders(info.page());
        if (holders.isEmpty()) {
            return new Reply.LockState(Reply.LockState.Mode.FREE, 0, waiters, 0, 0, "");
        }
        Holder oldest = holders.iterator().next();
        Session session = sessions.find(oldest.owner().session());
        return new Reply.LockState(
                oldest.mode() == Claim.Mode.SHARED ? Reply.LockState.Mode.SHARED : Reply.LockState.Mode.EXCLUSIVE,
                holders.size(),
                waiters,
                oldest.token(),
                (nowNanos - oldest.sinceNanos()) / 1_000_000,
                session == null ? "" : session.name());
    }
}
