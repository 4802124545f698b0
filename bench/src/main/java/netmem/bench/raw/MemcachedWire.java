package netmem.bench.raw;

import java.io.IOException;
import java.util.Locale;

/** memcached's meta commands, which are its shortest: mg, ms, and ms with C for compare updates. Stateless. */
public final class MemcachedWire implements Dialect {
    private static final int FILL_BATCH = 32;

    @Override
    public String title() {
        return "memcached";
    }

    @Override
    public boolean offers(Work work) {
        return true;
    }

    @Override
    public int versionFilled() {
        return 1;
    }

    @Override
    public void fill(RawSocket socket, int pages, int pageLengthBytes) throws IOException {
        StringBuilder batch = new StringBuilder();
        for (int page = 0; page < pages; page++) {
            String digits = digits(page);
            batch.append(store("p" + digits, digits + "x".repeat(pageLengthBytes - digits.length()), ""));
            batch.append(store("v" + digits, digits, ""));
            if (page % FILL_BATCH == FILL_BATCH - 1 || page == pages - 1) {
                socket.sendText(batch.toString());
                batch.setLength(0);
                for (int i = 0; i < 2 * (page % FILL_BATCH + 1); i++) {
                    expect(socket, "HD");
                }
            }
        }
    }

    @Override
    public Requests requests(RawSocket socket, RawLoad load, PageTable pages) throws IOException {
        int length = load.pageLengthBytes();
        String page = TextRequests.PAGE_MARK;
        String data = page + "x".repeat(length - page.length());
        return switch (load.work()) {
            case VALIDATED_READ -> of("mg v" + page + " v\r\n", page("VA 8\r\n", 8 + 2), load, pages);
            case PAGE_READ -> of("mg p" + page + " v\r\n", page("VA " + length + "\r\n", length + 2), load, pages);
            case PAGE_UPDATE -> of(store("p" + page, data, ""), TextRequests.Answer.exactly("HD\r\n"), load, pages);
            case COMPARE_UPDATE -> compareUpdate(socket, data, load, pages);
        };
    }

    private static TextRequests compareUpdate(RawSocket socket, String data, RawLoad load, PageTable pages)
            throws IOException {
        String store = store("p" + TextRequests.PAGE_MARK, data, " C" + TextRequests.VERSION_MARK + " c");
        TextRequests requests = of(store, TextRequests.Answer.version("HD c"), load, pages);
        for (int place = 0; place < load.inFlight(); place++) {
            int number = requests.page(place);
            socket.sendText("mg p" + digits(number) + " c\r\n");
            String line = socket.receiveLine();
            if (!line.startsWith("HD c")) {
                throw new WrongReplyException(line, "HD c...", number);
            }
            pages.learn(number, Long.parseLong(line.substring(4)));
        }
        return requests;
    }

    private static TextRequests of(String command, TextRequests.Answer answer, RawLoad load, PageTable pages) {
        return TextRequests.of(command, answer, load, pages);
    }

    private static TextRequests.Answer page(String prefix, int restLengthBytes) {
        return TextRequests.Answer.page(prefix, restLengthBytes);
    }

    private static String store(String key, String data, String flags) {
        return "ms " + key + " " + data.length() + flags + "\r\n" + data + "\r\n";
    }

    private static void expect(RawSocket socket, String line) throws IOException {
        String actual = socket.receiveLine();
        if (!actual.equals(line)) {
            throw new WrongReplyException(actual, line, -1);
        }
    }

    private static String digits(int page) {
        return String.format(Locale.ROOT, "%08d", page);
    }
}
