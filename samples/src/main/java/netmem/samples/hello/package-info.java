/** The first program. */
package netmem.samples.hello;
