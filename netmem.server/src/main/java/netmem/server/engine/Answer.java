package netmem.server.engine;

import netmem.api.wire.Reply;

/** What the engine says to a request at once. */
public sealed interface Answer {
    /** Waiting is all that there is to say; the reply comes later as an {@link Effect.Completed}. */
    Answer DEFERRED = new Deferred();

    /**
     * The reply.
     *
     * @param reply to send
     */
    record Now(Reply reply) implements Answer {}

    /** The request waits in a line; its reply comes as an effect of a later command. */
    record Deferred() implements Answer {}
}
