package netmem.bench.raw;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Requests of a text protocol: the request of page 0 with marks where digits are put, and a reply that begins with a
 * known line. Confined to the generator.
 */
final class TextRequests extends Requests {
    /** Where the page goes, eight digits. Once in the key, and once as the first bytes of the data. */
    static final String PAGE_MARK = "PPPPPPPP";
    /** Where the version goes that the page must have. */
    static final String VERSION_MARK = "VVVVVVVVVVVV";
    /** Where the version goes that the page gets. */
    static final String NEXT_MARK = "NNNNNNNNNNNN";

    private final int[] pageAt;
    private final int versionAt;
    private final int nextAt;
    private final byte[] prefix;
    private final int restLength;
    private final boolean numbered;
    private final boolean withPage;

    private TextRequests(String template, Answer answer, RawLoad load, PageTable pages) {
        super(ByteBuffer.wrap(template.getBytes(ISO_8859_1)), load.inFlight(), pages);
        int key = template.indexOf(PAGE_MARK);
        int data = template.indexOf(PAGE_MARK, key + 1);
        pageAt = data < 0 ? new int[] {key} : new int[] {key, data};
        versionAt = template.indexOf(VERSION_MARK);
        nextAt = template.indexOf(NEXT_MARK);
        prefix = answer.prefix().getBytes(ISO_8859_1);
        restLength = answer.restLengthBytes();
        numbered = answer.numbered();
        withPage = answer.withPage();
    }

    /** Of {@code template}; the answer is what each reply must be. */
    static TextRequests of(String template, Answer answer, RawLoad load, PageTable pages) {
        return new TextRequests(template, answer, load, pages);
    }

    /** How a reply looks: what it begins with, and how many bytes follow. */
    record Answer(String prefix, int restLengthBytes, boolean withPage, boolean numbered) {
        /** This text and no more. */
        static Answer exactly(String text) {
            return new Answer(text, 0, false, false);
        }

        /** Behind the prefix the page's digits, and then whatever fills up the length. */
        static Answer page(String prefix, int restLengthBytes) {
            return new Answer(prefix, restLengthBytes, true, false);
        }

        /** Behind the prefix the page's new version and the end of the line. */
        static Answer version(String prefix) {
            return new Answer(prefix, 22, false, true);
        }
    }

    @Override
    void patchPage(ByteBuffer request, int at, int page) {
        for (int offset : pageAt) {
            digits(request, at + offset, PAGE_MARK.length(), page);
        }
    }

    @Override
    void patch(ByteBuffer request, int at, int place) {
        int version = pages().version(page(place));
        if (versionAt >= 0) {
            digits(request, at + versionAt, VERSION_MARK.length(), version);
        }
        if (nextAt >= 0) {
            digits(request, at + nextAt, NEXT_MARK.length(), version + 1);
        }
    }

    private static void digits(ByteBuffer request, int at, int count, int number) {
        int rest = number;
        for (int i = count - 1; i >= 0; i--) {
            request.put(at + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    @Override
    int replyLength(ByteBuffer replies, int at, int availableBytes, int place) throws WrongReplyException {
        int page = page(place);
        int check = Math.min(availableBytes, prefix.length);
        for (int i = 0; i < check; i++) {
            if (replies.get(at + i) != prefix[i]) {
                throw new WrongReplyException(text(replies, at, availableBytes), new String(prefix, ISO_8859_1), page);
            }
        }
        if (numbered) {
            return numberedLength(replies, at, availableBytes, page);
        }
        int length = prefix.length + restLength;
        if (availableBytes < length) {
            return 0;
        }
        if (withPage) {
            checkPage(replies, at + prefix.length, page);
        } else if (nextAt >= 0) {
            pages().learn(page, pages().version(page) + 1L);
        }
        return length;
    }

    private static void checkPage(ByteBuffer replies, int at, int page) throws WrongReplyException {
        int number = number(replies, at, PAGE_MARK.length());
        if (number != page) {
            throw new WrongReplyException("page in the data", number, page, page);
        }
    }

    private int numberedLength(ByteBuffer replies, int at, int availableBytes, int page) {
        for (int i = prefix.length; i < availableBytes; i++) {
            if (replies.get(at + i) == '\n') {
                pages().learn(page, number(replies, at + prefix.length, i - 1 - prefix.length));
                return i + 1;
            }
        }
        return 0;
    }

    private static int number(ByteBuffer bytes, int at, int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            number = number * 10 + bytes.get(at + i) - '0';
        }
        return number;
    }

    private static String text(ByteBuffer replies, int at, int availableBytes) {
        byte[] start = new byte[Math.min(availableBytes, 60)];
        replies.get(at, start);
        return new String(start, ISO_8859_1);
    }

    @Override
    int replyLengthMax() {
        return prefix.length + restLength;
    }

    @Override
    ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }
}
