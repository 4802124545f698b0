package netmem.bench.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** NetMem's own protocol, version 1 (docs/protocol), encoded here by hand as a stranger would. Stateless. */
public final class NetMemWire implements Dialect {
    private static final int HEADER_BYTES = 16;
    private static final int HELLO = 1;
    private static final int BYE = 4;
    private static final int READ = 16;
    private static final int WRITE = 32;
    private static final int TRANSACT = 34;
    private static final int WRITE_STEP = 5;
    private static final int STEPS_MAX = 256;
    private static final int STEPS_BYTES_MAX = 1 << 20;
    /** Longer than any experiment lasts, so that idle connections need no PING. */
    private static final int LEASE_MILLIS = 300_000;

    static final int READ_LENGTH = HEADER_BYTES + 28;
    static final int WRITE_DATA = HEADER_BYTES + 40;
    static final int REPLY_LENGTH = HEADER_BYTES + 8;

    @Override
    public String title() {
        return "NetMem";
    }

    @Override
    public boolean offers(Work work) {
        return true;
    }

    @Override
    public int versionFilled() {
        return 2;
    }

    @Override
    public void greet(RawSocket socket) throws IOException {
        ByteBuffer hello = buffer(8 + HEADER_BYTES + 40);
        hello.put((byte) 'N').put((byte) 'M').put((byte) 'E').put((byte) 'M');
        hello.putShort((short) 1).putShort((short) 1);
        header(hello, HELLO, HEADER_BYTES + 40);
        hello.put(new byte[32]).putInt(LEASE_MILLIS).putShort((short) 0).putShort((short) 0);
        socket.send(hello.flip());
        expectOk(socket, HELLO);
    }

    @Override
    public void leave(RawSocket socket) throws IOException {
        ByteBuffer bye = buffer(HEADER_BYTES);
        header(bye, BYE, HEADER_BYTES);
        socket.send(bye.flip());
        expectOk(socket, BYE);
    }

    @Override
    public void fill(RawSocket socket, int pages, int pageLengthBytes) throws IOException {
        int stepLength = 17 + pageLengthBytes;
        int stepsMax = Math.max(1, Math.min(STEPS_MAX, STEPS_BYTES_MAX / stepLength));
        ByteBuffer frame = buffer(HEADER_BYTES + 8 + stepsMax * stepLength);
        long sequence = 0;
        for (int page = 0; page < pages; page += stepsMax) {
            int steps = Math.min(stepsMax, pages - page);
            frame.clear();
            frame.putInt(HEADER_BYTES + 8 + steps * stepLength)
                    .put((byte) TRANSACT)
                    .put((byte) 0);
            frame.putShort((short) 0).putLong(++sequence << 16).putInt(0).putInt(steps);
            for (int i = page; i < page + steps; i++) {
                frame.put((byte) WRITE_STEP).putLong(i).putInt(0).putInt(pageLengthBytes);
                frame.putLong(frame.position(), i).position(frame.position() + pageLengthBytes);
            }
            socket.send(frame.flip());
            expectOk(socket, TRANSACT);
        }
    }

    @Override
    public Requests requests(RawSocket socket, RawLoad load, PageTable pages) throws IOException {
        boolean reads = load.work() == Work.VALIDATED_READ || load.work() == Work.PAGE_READ;
        int length = reads ? READ_LENGTH : WRITE_DATA + load.pageLengthBytes();
        ByteBuffer template = buffer(length);
        header(template, reads ? READ : WRITE, length);
        template.putLong(0).putLong(0);
        if (!reads) {
            template.putLong(0).putInt(0);
        }
        template.putInt(1).putInt(0).putInt(load.pageLengthBytes());
        template.position(0);
        NetMemRequests requests = new NetMemRequests(template, load, pages);
        if (!load.anyPage()) {
            for (int place = 0; place < load.inFlight(); place++) {
                pages.learn(requests.page(place), currentVersion(socket, requests.page(place)));
            }
        }
        return requests;
    }

    /** Asks for the version alone. */
    private static long currentVersion(RawSocket socket, int page) throws IOException {
        ByteBuffer read = buffer(READ_LENGTH - 8);
        header(read, READ, READ_LENGTH - 8);
        socket.send(read.putLong(page).putLong(0).putInt(0).flip());
        return expectOk(socket, READ).getLong();
    }

    private static void header(ByteBuffer frame, int opcode, int length) {
        frame.putInt(length)
                .put((byte) opcode)
                .put((byte) 0)
                .putShort((short) 0)
                .putLong(0);
    }

    /** The body of a reply that must be OK. */
    private static ByteBuffer expectOk(RawSocket socket, int opcode) throws IOException {
        ByteBuffer header = socket.receiveExactly(HEADER_BYTES, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer body = socket.receiveExactly(header.getInt(0) - HEADER_BYTES, ByteOrder.LITTLE_ENDIAN);
        if (header.get(4) != (byte) (opcode | 0x80) || header.getShort(6) != 0) {
            throw new WrongReplyException("status of operation " + opcode, header.getShort(6), 0, -1);
        }
        return body;
    }

    private static ByteBuffer buffer(int lengthBytes) {
        return ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
