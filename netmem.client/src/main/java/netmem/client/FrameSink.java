package netmem.client;

import netmem.api.wire.Request;

/** Where a client's frames go: a connection, or a fake one in a simulation. Confined to the client's lock. */
interface FrameSink {
    /** Whether a frame may be appended now; an empty sink takes any. */
    boolean fits(int frameBytes);

    /** Appends a frame and returns the length of the stream with it, to tell later whether it went out. */
    long append(Request request, long requestId);
}
