package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The body of WATCH, and the lists of pages with versions that CHANGED and COMMITTED share. Pure. */
final class WatchCodec {
    private static final int PAGE_VERSION_BYTES = 16;

    private WatchCodec() {}

    static int bytes(Request.Watch watch) {
        return 20 + PAGE_VERSION_BYTES * watch.seen().size();
    }

    static int bytes(List<Reply.Committed.Version> versions) {
        return 4 + PAGE_VERSION_BYTES * versions.size();
    }

    static void put(ByteBuffer out, Request.Watch watch) {
        out.putLong(watch.first()).putLong(watch.count()).putInt(watch.seen().size());
        for (Request.Watch.Seen seen : watch.seen()) {
            out.putLong(seen.page()).putLong(seen.version());
        }
    }

    static void put(ByteBuffer out, List<Reply.Committed.Version> versions) {
        out.putInt(versions.size());
        for (Reply.Committed.Version version : versions) {
            out.putLong(version.page()).putLong(version.version());
        }
    }

    static Request watch(BodyReader body) throws MalformedFrameException {
        long first = body.i64("first");
        long pages = body.i64("count");
        int count = body.entries("seen", WireLimits.SEEN_MAX, PAGE_VERSION_BYTES);
        List<Request.Watch.Seen> seen = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long page = body.i64("page seen");
            if (Long.compareUnsigned(page - first, pages) >= 0) {
                throw MalformedFrameException.of(
                        "page seen", page, first, "one of " + FailureText.number(pages) + " from");
            }
            seen.add(new Request.Watch.Seen(page, body.i64("version seen")));
        }
        return new Request.Watch(first, pages, seen);
    }

    static List<Reply.Committed.Version> versions(BodyReader body, int max) throws MalformedFrameException {
        int count = body.entries("versions", max, PAGE_VERSION_BYTES);
        List<Reply.Committed.Version> versions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            versions.add(new Reply.Committed.Version(body.i64("page"), body.i64("version")));
        }
        return versions;
    }
}
