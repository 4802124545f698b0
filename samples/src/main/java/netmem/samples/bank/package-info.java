/** Transfers that survive the death of whoever makes them. */
package netmem.samples.bank;
