/** What operations take: recorded by each event loop, added up, logged and shown. */
package netmem.server.latency;
