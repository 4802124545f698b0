/** The server as a program and as an object to embed. */
package netmem.server;
