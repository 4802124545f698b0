package netmem.bench.raw;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** READ and WRITE of NetMem's own protocol. A request's slot is its place. Confined to the generator. */
final class NetMemRequests extends Requests {
    private static final int STATUS_OK = 0;
    private static final int STATUS_NOT_MODIFIED = 1;
    private static final int ID = 8;
    private static final int PAGE = 16;
    private static final int VERSION = 24;

    private final Work work;
    private final long[] id;
    private final int pageLengthBytes;

    NetMemRequests(ByteBuffer template, RawLoad load, PageTable pages) {
        super(template, load.inFlight(), pages);
        this.work = load.work();
        this.pageLengthBytes = load.pageLengthBytes();
        this.id = new long[load.inFlight()];
        for (int place = 0; place < id.length; place++) {
            id[place] = place;
        }
    }

    @Override
    void patchPage(ByteBuffer request, int at, int page) {
        request.putLong(at + PAGE, page);
        if (work == Work.PAGE_UPDATE || work == Work.COMPARE_UPDATE) {
            request.putLong(at + NetMemWire.WRITE_DATA, page);
        }
    }

    @Override
    void patch(ByteBuffer request, int at, int place) {
        id[place] += 1 << 16;
        request.putLong(at + ID, id[place]);
        if (work == Work.VALIDATED_READ || work == Work.COMPARE_UPDATE) {
            request.putLong(at + VERSION, pages().version(page(place)));
        }
    }

    @Override
    int replyLength(ByteBuffer replies, int at, int availableBytes, int place) throws WrongReplyException {
        int length = work == Work.PAGE_READ ? replyLengthMax() : NetMemWire.REPLY_LENGTH;
        if (availableBytes < NetMemWire.REPLY_LENGTH) {
            return 0;
        }
        check(replies, at, length, place);
        if (availableBytes < length) {
            return 0;
        }
        if (work == Work.PAGE_READ) {
            expect("first word", replies.getLong(at + NetMemWire.REPLY_LENGTH), page(place), page(place));
        }
        return length;
    }

    private void check(ByteBuffer replies, int at, int length, int place) throws WrongReplyException {
        int page = page(place);
        expect("status", replies.getShort(at + 6), work == Work.VALIDATED_READ ? STATUS_NOT_MODIFIED : STATUS_OK, page);
        expect("length", replies.getInt(at), length, page);
        expect("request id", replies.getLong(at + ID), id[place], page);
        long version = replies.getLong(at + PAGE);
        if (work == Work.COMPARE_UPDATE) {
            expect("version", version, pages().version(page) + 1, page);
        }
        pages().learn(page, version);
    }

    private static void expect(String what, long actual, long expected, long page) throws WrongReplyException {
        if (actual != expected) {
            throw new WrongReplyException(what, actual, expected, page);
        }
    }

    @Override
    int replyLengthMax() {
        return NetMemWire.REPLY_LENGTH + (work == Work.PAGE_READ ? pageLengthBytes : 0);
    }

    @Override
    ByteOrder order() {
        return ByteOrder.LITTLE_ENDIAN;
    }
}
