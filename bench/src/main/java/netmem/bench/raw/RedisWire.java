package netmem.bench.raw;

import java.io.IOException;
import java.util.Locale;

/**
 * Redis: strings for pages and for values of 8 bytes; for compare updates a hash of version and data, changed by a
 * script that is sent once and called by its digest. Stateless.
 */
public final class RedisWire implements Dialect {
    private static final int FILL_BATCH = 32;
    private static final String SCRIPT = "if redis.call('HGET',KEYS[1],'v')~=ARGV[1] then return 0 end "
            + "redis.call('HSET',KEYS[1],'v',ARGV[2],'d',ARGV[3]) return 1";

    @Override
    public String title() {
        return "Redis";
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
            String digits = digits(page, TextRequests.PAGE_MARK.length());
            String data = digits + "x".repeat(pageLengthBytes - digits.length());
            batch.append(command("SET", "p" + digits, data)).append(command("SET", "v" + digits, digits));
            batch.append(command("HSET", "h" + digits, "v", digits(1, TextRequests.VERSION_MARK.length()), "d", data));
            if (page % FILL_BATCH == FILL_BATCH - 1 || page == pages - 1) {
                socket.sendText(batch.toString());
                batch.setLength(0);
                for (int i = 0; i < 3 * (page % FILL_BATCH + 1); i++) {
                    expect(socket, i % 3 == 2 ? ":2" : "+OK");
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
            case VALIDATED_READ -> of(command("GET", "v" + page), page("$8\r\n", 8 + 2), load, pages);
            case PAGE_READ -> of(command("GET", "p" + page), page("$" + length + "\r\n", length + 2), load, pages);
            case PAGE_UPDATE -> of(command("SET", "p" + page, data), exactly("+OK\r\n"), load, pages);
            case COMPARE_UPDATE -> compareUpdate(socket, data, load, pages);
        };
    }

    private static TextRequests compareUpdate(RawSocket socket, String data, RawLoad load, PageTable pages)
            throws IOException {
        socket.sendText(command("SCRIPT", "LOAD", SCRIPT));
        expect(socket, "$40");
        String digest = socket.receiveLine();
        String key = "h" + TextRequests.PAGE_MARK;
        String call = command("EVALSHA", digest, "1", key, TextRequests.VERSION_MARK, TextRequests.NEXT_MARK, data);
        TextRequests requests = of(call, exactly(":1\r\n"), load, pages);
        for (int place = 0; place < load.inFlight(); place++) {
            int number = requests.page(place);
            socket.sendText(command("HGET", "h" + digits(number, TextRequests.PAGE_MARK.length()), "v"));
            expect(socket, "$" + TextRequests.VERSION_MARK.length());
            pages.learn(number, Long.parseLong(socket.receiveLine()));
        }
        return requests;
    }

    private static TextRequests of(String command, TextRequests.Answer answer, RawLoad load, PageTable pages) {
        return TextRequests.of(command, answer, load, pages);
    }

    private static TextRequests.Answer page(String prefix, int restLengthBytes) {
        return TextRequests.Answer.page(prefix, restLengthBytes);
    }

    private static TextRequests.Answer exactly(String text) {
        return TextRequests.Answer.exactly(text);
    }

    private static String command(String... words) {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        return command.toString();
    }

    private static void expect(RawSocket socket, String line) throws IOException {
        String actual = socket.receiveLine();
        if (!actual.equals(line)) {
            throw new WrongReplyException(actual, line, -1);
        }
    }

    private static String digits(int number, int count) {
        return String.format(Locale.ROOT, "%0" + count + "d", number);
    }
}
