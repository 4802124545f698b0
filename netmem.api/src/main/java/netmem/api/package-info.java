/** Values, statuses, exceptions and the client's interfaces. */
package netmem.api;
