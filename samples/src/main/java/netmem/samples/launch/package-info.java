/** Starts a server and the processes of a sample, and stops them all. */
package netmem.samples.launch;
