package netmem.bench.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The wire of NetMem 0.2 (docs/protocol/netmem-0.2.md), which the floor speaks too. Stateless. */
public final class OldWire implements Dialect {
    static final int HEADER_BYTES = 13;
    private static final int READ_PAGE = 2;
    private static final int UPDATE_PAGE = 5;
    private static final int FILL_BATCH_BYTES = 1 << 18;

    @Override
    public String title() {
        return "NetMem 0.2 wire";
    }

    @Override
    public boolean offers(Work work) {
        return work != Work.COMPARE_UPDATE;
    }

    @Override
    public int versionFilled() {
        return 2;
    }

    @Override
    public void fill(RawSocket socket, int pages, int pageLengthBytes) throws IOException {
        int batchMax = Math.max(1, FILL_BATCH_BYTES / (HEADER_BYTES + pageLengthBytes));
        ByteBuffer batch = ByteBuffer.allocate(batchMax * (HEADER_BYTES + pageLengthBytes));
        for (int first = 0; first < pages; first += batchMax) {
            int count = Math.min(batchMax, pages - first);
            batch.clear();
            for (int page = first; page < first + count; page++) {
                batch.put((byte) UPDATE_PAGE)
                        .putInt(page)
                        .putInt(pageLengthBytes)
                        .putInt(0);
                batch.putLong(batch.position(), firstWord(page)).position(batch.position() + pageLengthBytes);
            }
            socket.send(batch.flip());
            ByteBuffer replies = socket.receiveExactly(count * HEADER_BYTES, ByteOrder.BIG_ENDIAN);
            for (int i = 0; i < count; i++) {
                if (replies.get(i * HEADER_BYTES) != UPDATE_PAGE) {
                    throw new WrongReplyException("type", replies.get(i * HEADER_BYTES), UPDATE_PAGE, first + i);
                }
            }
        }
    }

    @Override
    public Requests requests(RawSocket socket, RawLoad load, PageTable pages) throws IOException {
        boolean update = load.work() == Work.PAGE_UPDATE;
        int dataLength = update ? load.pageLengthBytes() : 0;
        ByteBuffer template = ByteBuffer.allocate(HEADER_BYTES + dataLength);
        template.put((byte) (update ? UPDATE_PAGE : READ_PAGE))
                .putInt(0)
                .putInt(dataLength)
                .putInt(0);
        OldRequests requests = new OldRequests(template.position(0), load, pages);
        if (!load.anyPage()) {
            for (int place = 0; place < load.inFlight(); place++) {
                pages.learn(requests.page(place), currentVersion(socket, requests.page(place)));
            }
        }
        return requests;
    }

    /** Every page begins with its own number, little-endian, whatever the wire. */
    static long firstWord(int page) {
        return Long.reverseBytes(page);
    }

    /** Reads the page. */
    private static int currentVersion(RawSocket socket, int page) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(HEADER_BYTES);
        socket.send(read.put((byte) READ_PAGE).putInt(page).putInt(0).putInt(0).flip());
        ByteBuffer header = socket.receiveExactly(HEADER_BYTES, ByteOrder.BIG_ENDIAN);
        ByteBuffer data = socket.receiveExactly(header.getInt(5), ByteOrder.BIG_ENDIAN);
        if (data.getLong() != firstWord(page)) {
            throw new WrongReplyException("first word", data.getLong(0), firstWord(page), page);
        }
        return header.getInt(9);
    }
}
