/** Who holds which page, and who waits for it. Knows no session, no clock, no bytes. */
package netmem.server.lock;
