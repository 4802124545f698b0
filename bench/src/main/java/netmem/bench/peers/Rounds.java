package netmem.bench.peers;

/**
 * How often and how long to measure. Pure value.
 *
 * @param count rounds, of which the median counts
 * @param millis length of one
 * @param warmUpMillis processor time that a contestant's server gets before its first round under a load
 */
record Rounds(int count, long millis, long warmUpMillis) {}
