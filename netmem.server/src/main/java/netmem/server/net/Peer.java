package netmem.server.net;

import netmem.server.engine.Effect;

/** A connection as the engine's effects reach it. Each method is called under the gate and hands over to the connection's event loop. */
interface Peer {
    /** Takes an effect for this connection, in the engine's order. */
    void accept(Effect effect);

    /** Asks it to send what it has and to close; the server is stopping. */
    void drain();

    /** Closes at once. */
    void abort();
}
