/** Several processes count together. */
package netmem.samples.counter;
