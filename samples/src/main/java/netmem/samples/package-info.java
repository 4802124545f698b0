/** Programs that a user of NetMem would write; each runs as a test. */
package netmem.samples;
