package netmem.bench.raw;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One connection that keeps its requests in flight. Confined to the generator's thread. */
final class RawConnection {
    private final RawSocket socket;
    private final Requests requests;
    private final int inFlight;
    private int oldest;

    RawConnection(RawSocket socket, Requests requests, int inFlight) {
        this.socket = socket;
        this.requests = requests;
        this.inFlight = inFlight;
    }

    /** Sends the first requests of a run. */
    void begin() throws IOException {
        oldest = 0;
        socket.send(requests.next(0, inFlight));
    }

    /** Waits for replies and sends a request for each; the number of replies. */
    int exchange(ByteBuffer buffer) throws IOException {
        int replies = receive(buffer, inFlight);
        socket.send(requests.next(oldest, replies));
        oldest = (oldest + replies) % inFlight;
        return replies;
    }

    /** Waits for what is still in flight; the number of replies. */
    int end(ByteBuffer buffer) throws IOException {
        int replies = 0;
        while (replies < inFlight) {
            int some = receive(buffer, inFlight - replies);
            oldest = (oldest + some) % inFlight;
            replies += some;
        }
        return replies;
    }

    /** Takes what has come, and the rest of a reply that came in part; the number of replies, at least one. */
    private int receive(ByteBuffer buffer, int repliesMax) throws IOException {
        buffer.clear();
        int replies = 0;
        int at = 0;
        do {
            socket.receive(buffer);
            int length;
            while (replies < repliesMax && (length = reply(buffer, at, replies)) > 0) {
                at += length;
                replies++;
            }
            if (replies == repliesMax && at < buffer.position()) {
                throw new WrongReplyException("bytes behind the last reply", buffer.position() - at, 0, -1);
            }
        } while (at < buffer.position());
        return replies;
    }

    private int reply(ByteBuffer buffer, int at, int ahead) throws IOException {
        int available = buffer.position() - at;
        return available == 0 ? 0 : requests.replyLength(buffer, at, available, (oldest + ahead) % inFlight);
    }
}
