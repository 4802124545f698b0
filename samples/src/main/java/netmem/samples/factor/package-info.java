/** A population of elliptic curves that several processes improve together until a number is factored. */
package netmem.samples.factor;
