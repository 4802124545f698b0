/** Sockets, frames and threads: the only package that knows channels. Requests go down to the engine, replies come back as values. */
package netmem.server.net;
