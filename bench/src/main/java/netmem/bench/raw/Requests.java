package netmem.bench.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The requests of one connection, encoded once: one for each place in flight, sent again and again with what must differ
 * patched in. They lie one behind the other, twice, so that any run of them is one piece. Confined to the generator.
 */
abstract class Requests {
    private final int inFlight;
    private final int requestLengthBytes;
    private final ByteBuffer bytes;
    private final int[] page;
    private final PageTable pages;

    /** {@code template} is the request of page 0 from its start to its limit. */
    Requests(ByteBuffer template, int inFlight, PageTable pages) {
        this.inFlight = inFlight;
        this.requestLengthBytes = template.remaining();
        this.bytes =
                ByteBuffer.allocateDirect(2 * inFlight * requestLengthBytes).order(template.order());
        this.page = new int[inFlight];
        this.pages = pages;
        for (int i = 0; i < 2 * inFlight; i++) {
            bytes.put(template.duplicate());
        }
        for (int place = 0; place < inFlight; place++) {
            page[place] = pages.firstPage();
        }
    }

    /** Called once the subclass is complete. */
    final void patchPages() {
        for (int i = 0; i < 2 * inFlight; i++) {
            patchPage(bytes, i * requestLengthBytes, page[i % inFlight]);
        }
    }

    /** The next {@code count} requests from place {@code first} on, ready to be sent. */
    final ByteBuffer next(int first, int count) {
        bytes.clear();
        for (int i = first; i < first + count; i++) {
            int place = i % inFlight;
            int at = i * requestLengthBytes;
            if (pages.anyPage()) {
                page[place] = pages.nextPage();
                patchPage(bytes, at, page[place]);
            }
            patch(bytes, at, place);
        }
        return bytes.limit((first + count) * requestLengthBytes).position(first * requestLengthBytes);
    }

    final int page(int place) {
        return page[place];
    }

    final PageTable pages() {
        return pages;
    }

    /** Puts the page into the request that starts at {@code at}. */
    abstract void patchPage(ByteBuffer request, int at, int page);

    /** Puts whatever differs from sending to sending into the request that starts at {@code at}. */
    abstract void patch(ByteBuffer request, int at, int place);

    /**
     * The length of the reply at {@code at}, which answers the request of {@code place}, or 0 if it has not come whole.
     *
     * @throws WrongReplyException if it is not the reply that the work calls for
     */
    abstract int replyLength(ByteBuffer replies, int at, int availableBytes, int place) throws IOException;

    /** No reply is longer. */
    abstract int replyLengthMax();

    /** The order in which the generator's buffer shall read numbers. */
    abstract ByteOrder order();
}
