/** Frames of the protocol and their codecs, for the server and the client. */
package netmem.api.wire;
