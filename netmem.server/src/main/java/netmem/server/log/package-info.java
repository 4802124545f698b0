/** What the server writes to its log. */
package netmem.server.log;
