package netmem.bench.raw;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** READ_PAGE and UPDATE_PAGE of the 0.2 wire. Confined to the generator. */
final class OldRequests extends Requests {
    private static final int PAGE = 1;
    private static final int LENGTH = 5;
    private static final int VERSION = 9;

    private final Work work;
    private final int pageLengthBytes;

    OldRequests(ByteBuffer template, RawLoad load, PageTable pages) {
        super(template, load.inFlight(), pages);
        this.work = load.work();
        this.pageLengthBytes = load.pageLengthBytes();
    }

    @Override
    void patchPage(ByteBuffer request, int at, int page) {
        request.putInt(at + PAGE, page);
        if (work == Work.PAGE_UPDATE) {
            request.putLong(at + OldWire.HEADER_BYTES, OldWire.firstWord(page));
        }
    }

    @Override
    void patch(ByteBuffer request, int at, int place) {
        if (work == Work.VALIDATED_READ) {
            request.putInt(at + VERSION, pages().version(page(place)));
        }
    }

    @Override
    int replyLength(ByteBuffer replies, int at, int availableBytes, int place) throws WrongReplyException {
        if (availableBytes < OldWire.HEADER_BYTES) {
            return 0;
        }
        int page = page(place);
        int dataLength = work == Work.PAGE_READ ? pageLengthBytes : 0;
        if (replies.getInt(at + PAGE) != page) {
            throw new WrongReplyException("page", replies.getInt(at + PAGE), page, page);
        }
        if (replies.getInt(at + LENGTH) != dataLength) {
            throw new WrongReplyException("length", replies.getInt(at + LENGTH), dataLength, page);
        }
        pages().learn(page, replies.getInt(at + VERSION));
        int length = OldWire.HEADER_BYTES + dataLength;
        if (availableBytes < length) {
            return 0;
        }
        if (dataLength > 0 && replies.getLong(at + OldWire.HEADER_BYTES) != OldWire.firstWord(page)) {
            throw new WrongReplyException(
                    "first word", replies.getLong(at + OldWire.HEADER_BYTES), OldWire.firstWord(page), page);
        }
        return length;
    }

    @Override
    int replyLengthMax() {
        return OldWire.HEADER_BYTES + (work == Work.PAGE_READ ? pageLengthBytes : 0);
    }

    @Override
    ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }
}
