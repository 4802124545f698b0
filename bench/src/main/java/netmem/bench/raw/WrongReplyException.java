package netmem.bench.raw;

import java.io.IOException;

/** A server answered something else than the work calls for; a figure of it would mean nothing. */
public final class WrongReplyException extends IOException {
    private static final long serialVersionUID = 1;

    WrongReplyException(String what, long actual, long expected, long page) {
        super(what + ": " + actual + " (expected: " + expected + ") page=" + page);
    }

    WrongReplyException(String actual, String expected, long page) {
        super("reply: " + actual + " (expected: " + expected + ") page=" + page);
    }
}
