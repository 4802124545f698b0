package netmem.bench.raw;

import java.io.IOException;

/** A wire as the generator needs it: how to greet, to fill pages, to ask and to recognise the answer. Stateless. */
public interface Dialect {
    /** For people. */
    String title();

    /** Whether this wire has such a request, or what comes nearest. */
    boolean offers(Work work);

    /** Greets on a new connection. */
    default void greet(RawSocket socket) throws IOException {}

    /** Writes all pages (and what this wire needs beside them for {@link Work}) once, page by page. */
    void fill(RawSocket socket, int pages, int pageLengthBytes) throws IOException;

    /** The version of each page behind {@link #fill}, on a server that was just started. */
    int versionFilled();

    /** The requests of a connection that has been greeted. */
    Requests requests(RawSocket socket, RawLoad load, PageTable pages) throws IOException;

    /** Says goodbye where the wire has a word for it. */
    default void leave(RawSocket socket) throws IOException {}
}
