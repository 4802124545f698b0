/** Connecting to a NetMem server. */
package netmem.client;
