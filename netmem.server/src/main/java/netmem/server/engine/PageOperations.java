package netmem.server.engine;

import java.nio.ByteBuffer;
import netmem.api.Status;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Holder;
import netmem.server.lock.Owner;
import netmem.server.memory.PageMemory;

/** What each operation on pages does, once the engine has found that it is to be run. Confined to the engine's monitor. */
final class PageOperations {
    private final PageMemory pages;
    private final PageReads reads;
    private final ServerLimits limits;
    private final Lines lines;

    PageOperations(PageMemory pages, ServerLimits limits, Lines lines) {
        this.pages = pages;
        this.reads = new PageReads(pages, limits.frameBytesMax());
        this.limits = limits;
        this.lines = lines;
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
        long page = write.page();
        if (write.token() != 0) {
            boolean holds = lines.isHeldBy(session, page, write.token());
            return new Answer.Now(holds ? change(write, 0) : fenced(page, write.token()));
        }
        return lines.holder(page) == null
                ? new Answer.Now(change(write, 0))
                : lines.await(session, requestId, new Waiter.ForWrite(write, 0), write.waitMillis(), nowNanos);
    }

    private Reply fenced(long page, long token) {
        return new Reply.Failed(
                Status.FENCED,
                token,
                lines.token(page),
                "token: " + token + " (expected: the current one of this session) page=" + page);
    }

    /** Changes a page if its version is the one asked for. */
    private Reply change(Request.Write write, int version02) {
        long current = pages.version(write.page());
        if (write.ifVersion() != 0 && write.ifVersion() != current) {
            return new Reply.ConditionFailed(current, write.returnCurrent() ? wholePage(write.page()) : null);
        }
        long next = version02 > 0 ? Version02.after(current, version02) : current + 1;
        PageChange.apply(pages, write.page(), write.ranges(), write.data(), next);
        return new Reply.Written(next);
    }

    private ByteBuffer wholePage(long page) {
        return PageChange.copy(pages, page, Ranges.of(0, pages.pageLength()));
    }

    Answer lock(Session session, long requestId, Request.Lock lock, long nowNanos) {
        Reply.Failed wrong = PageChange.refusal(pages, lock.page(), Ranges.NONE);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Holder holder = lines.holder(lock.page());
        if (holder != null && holder.owner().equals(new Owner(session.key, lock.handle()))) {
            String text = "handle " + lock.handle() + " holds page " + lock.page() + " already";
            return new Answer.Now(new Reply.Failed(Status.ALREADY_LOCKED, lock.handle(), 0, text));
        }
        int locks = session.held.size() + session.waiting.size(); // each waiter may become a lock
        if (locks >= limits.locksPerSessionMax()) {
            return new Answer.Now(
                    Lines.busy("locks of this session, held and waited for", locks, limits.locksPerSessionMax()));
        }
        if (holder == null) {
            return new Answer.Now(grant(session, lock, nowNanos));
        }
        return lines.await(session, requestId, new Waiter.ForLock(lock), lock.waitMillis(), nowNanos);
    }

    private Reply grant(Session session, Request.Lock lock, long nowNanos) {
        long page = lock.page();
        long token = lines.grant(session, page, lock.handle(), nowNanos);
        long version = pages.version(page);
        if (!lock.withData()) {
            return new Reply.Granted(token, version, Reply.Granted.Content.NONE, PageChange.NOTHING);
        }
        return version == lock.versionHeld()
                ? new Reply.Granted(token, version, Reply.Granted.Content.NOT_MODIFIED, PageChange.NOTHING)
                : new Reply.Granted(token, version, Reply.Granted.Content.FULL, wholePage(page));
    }

    Reply unlock(Session session, Request.Unlock unlock) {
        long page = unlock.page();
        Reply.Failed wrong = PageChange.refusal(pages, page, unlock.ranges());
        if (wrong != null) {
            return wrong;
        }
        if (!lines.isHeldBy(session, page, unlock.token())) {
            return fenced(page, unlock.token());
        }
        long version = pages.version(page);
        if (unlock.ranges().count() > 0) {
            PageChange.apply(pages, page, unlock.ranges(), unlock.data(), ++version);
        }
        lines.release(session, page, unlock.token());
        return new Reply.Written(version);
    }

    /** The whole-page update of a 0.2 client: it releases the page where the client itself holds it, and waits where another does. */
    Answer update02(Session session, long requestId, long page, ByteBuffer data, int version02, long nowNanos) {
        Ranges whole = Ranges.of(0, pages.pageLength());
        Reply.Failed wrong = PageChange.refusal(pages, page, whole);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Request.Write write = new Request.Write(page, 0, 0, Integer.MAX_VALUE, false, whole, data);
        Long token = session.held.get(page);
        if (token == null && lines.holder(page) != null) {
            return lines.await(session, requestId, new Waiter.ForWrite(write, version02), Integer.MAX_VALUE, nowNanos);
        }
        Reply reply = change(write, version02);
        if (token != null) {
            lines.release(session, page, token);
        }
        return new Answer.Now(reply);
    }

    /** Does what a request waited for, now that its turn has come. */
    Reply perform(Waiter waiter, long nowNanos) {
        return switch (waiter.work) {
            case Waiter.ForLock(Request.Lock lock) -> grant(waiter.session, lock, nowNanos);
            case Waiter.ForWrite(Request.Write write, int version02) -> change(write, version02);
        };
    }
}
