/** Locks of several pages: a circle that is found, and one that cannot arise. */
package netmem.samples.philosophers;
