/** Islands of evolving tours that exchange their best over shared pages. */
package netmem.samples.evolution;
