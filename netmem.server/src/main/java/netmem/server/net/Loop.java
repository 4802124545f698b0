package netmem.server.net;

import netmem.server.latency.Recorder;

/**
 * What the connections of one event loop share. Confined to that loop.
 *
 * @param latencies of its operations
 * @param buffers in turn for each
 */
record Loop(Recorder latencies, LoopBuffers buffers) {}
